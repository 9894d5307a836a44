// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.commit.IndexSegments;
import dev.joust.format.index.VectorIndexDetails;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.ScanOptions;
import dev.joust.index.internal.vector.PartitionShuffler;
import dev.joust.index.internal.vector.SegmentWriter;
import dev.joust.index.internal.vector.VectorRows;
import dev.joust.index.internal.vector.VectorTraining;
import dev.joust.index.internal.vector.Workers;

/// Builds a segment of a vector index over fragments of one version: a pass over the vectors to draw a sample, training, a
/// pass to encode and sort them by partition, with bounded memory, and the files (spec: index format B.2, E). Nothing is
/// committed: what comes of it goes into an {@link dev.joust.format.commit.Operation.CreateIndex}.
public final class VectorIndexBuilder {
    /// Written for all kinds but RQ (spec: index format A.2).
    private static final int INDEX_VERSION = 1;

    private static final int RABIT_INDEX_VERSION = 2;

    private final Dataset dataset;
    private final Field column;
    private final VectorIndexParameters parameters;
    private final int dimension;
    private final Workers workers;

    /// @param column of vectors, at the top of the schema
    /// @throws IllegalArgumentException if the column or the parameters do not fit
    public VectorIndexBuilder(Dataset dataset, Field column, VectorIndexParameters parameters) {
        this.dataset = dataset;
        this.column = column;
        this.parameters = parameters;
        dimension = VectorRows.dimensionOf(column);
        workers = Workers.of(dataset.session());
        check();
    }

    private void check() {
        int bits = parameters.effectiveBitCount();
        switch (parameters.kind().storage()) {
            case FLAT -> {}
            case SQ -> require(bits == 8, "a scalar quantizer has 8 bits, not " + bits);
            case PQ -> {
                int subVectors = parameters.effectiveSubVectorCount(dimension);
                require(bits == 4 || bits == 8, "codes have 4 or 8 bits, not " + bits);
                require(dimension % subVectors == 0,
                        "dimension (" + dimension + ") must be divisible by num_sub_vectors (" + subVectors + ")");
                require(bits == 8 || subVectors % 2 == 0,
                        "num_sub_vectors must be divisible by 2 for num_bits=4, but is " + subVectors);
            }
            case RQ -> {
                require(bits >= 1 && bits <= 9, "RaBitQ has 1 to 9 bits, not " + bits);
                require(dimension % 8 == 0, "vector dimension must be divisible by 8 for IVF_RQ, but is " + dimension);
            }
        }
        require(parameters.metric() != DistanceType.HAMMING, "hamming is of vectors of bytes, column '" + column.name()
                + "' has floats");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /// Builds a segment over all fragments. With too few vectors to train with it is a definition that covers nothing, which
    /// is trained when the index is optimised.
    ///
    /// @param name of the index
    public IndexMetadata build(String name) throws IOException {
        List<Fragment> fragments = dataset.manifest().fragments();
        VectorTraining training = train(fragments);
        return training == null ? segment(name, UUID.randomUUID(), List.of(), List.of()) : encode(name, fragments, training);
    }

    private @Nullable VectorTraining train(List<Fragment> fragments) throws IOException {
        long rowCount = fragments.stream().mapToLong(Fragment::liveRowCount).sum();
        long wanted = Math.max(
                (long) parameters.effectivePartitions(rowCount, rowCount) * parameters.effectiveSampleRate(),
                parameters.kind().storage() == VectorIndexKind.Storage.FLAT
                        ? 0
                        : (long) parameters.effectiveSampleRate() << Math.min(8, parameters.effectiveBitCount()));
        VectorRows sample = sample(fragments, rowCount, wanted);
        long vectorCount = rowCount <= wanted ? sample.count() : rowCount;
        int partitions = parameters.effectivePartitions(rowCount, vectorCount);
        return VectorTraining.of(parameters, sample, partitions, bitWidth(), workers);
    }

    private int bitWidth() {
        LogicalType item = ((LogicalType.FixedSizeList) column.type()).item();
        return ((LogicalType.FloatingPoint) item).bitWidth();
    }

    /// So many vectors, drawn at random; all if there are no more.
    private VectorRows sample(List<Fragment> fragments, long rowCount, long wanted) throws IOException {
        int most = (int) Math.min(Math.min(wanted, rowCount), Integer.MAX_VALUE / 4 / dimension);
        float[] values = new float[most * dimension];
        int count = 0;
        SplittableRandom random = new SplittableRandom(parameters.seed());
        long seen = 0;
        try (BatchReader reader = scan(fragments)) {
            for (Batch batch = reader.next(); batch != null && rowCount > 0; batch = reader.next()) {
                try (Batch rows = batch) {
                    VectorRows vectors = VectorRows.of(rows, column.name(), ScanOptions.ROW_ID, parameters.metric());
                    // each row has the same chance: places left of rows left
                    long left = rowCount - seen;
                    seen += rows.rowCount();
                    for (int row = 0; row < vectors.count() && count < most; row++) {
                        boolean all = most == rowCount;
                        if (all || random.nextLong(Math.max(1, left--)) < most - count) {
                            System.arraycopy(vectors.values(), row * dimension, values, count++ * dimension, dimension);
                        }
                    }
                }
            }
        }
        return new VectorRows(Arrays.copyOf(values, count * dimension), new long[0], count, dimension);
    }

    private BatchReader scan(List<Fragment> fragments) {
        return dataset.scan(ScanOptions.ALL
                .withColumns(column.name())
                .withRowIds()
                .withFragments(fragments.stream().map(Fragment::id).toList()));
    }

    private IndexMetadata encode(String name, List<Fragment> fragments, VectorTraining training) throws IOException {
        UUID uuid = UUID.randomUUID();
        int rowBytes = Long.BYTES + training.encoder().rowBytes();
        long memoryBytes = dataset.session().batchMemoryBytes() / 4;
        try (PartitionShuffler shuffler = new PartitionShuffler(training.model().count(), rowBytes, memoryBytes)) {
            try (BatchReader reader = scan(fragments)) {
                for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                    try (Batch rows = batch) {
                        add(VectorRows.of(rows, column.name(), ScanOptions.ROW_ID, parameters.metric()), training, shuffler);
                    }
                }
            }
            shuffler.finish();
            SegmentWriter writer = new SegmentWriter(
                    dataset.session(), dataset.newIndexFolder(uuid), dataset.indexFileVersion(), parameters, training, workers);
            return segment(name, uuid, fragments, writer.write(shuffler));
        }
    }

    private void add(VectorRows rows, VectorTraining training, PartitionShuffler shuffler) throws IOException {
        int[] partitions = new int[rows.count()];
        training.model().nearest().assign(rows.values(), 0, rows.count(), partitions, workers);
        byte[] encoded = new byte[rows.count() * training.encoder().rowBytes()];
        training.encoder().encode(rows.values(), rows.count(), partitions, encoded, workers);
        shuffler.add(partitions, rows.rowIds(), encoded, rows.count());
    }

    private IndexMetadata segment(
            String name, UUID uuid, List<Fragment> fragments, List<IndexMetadata.IndexFile> files) {
        RoaringBitmap covered = new RoaringBitmap();
        fragments.forEach(fragment -> covered.add((int) fragment.id()));
        boolean isRabit = parameters.kind().storage() == VectorIndexKind.Storage.RQ;
        return new IndexMetadata(
                uuid,
                List.of(column.id()),
                name,
                dataset.version(),
                IndexSegments.bytes(covered),
                VectorIndexDetails.TYPE_URL,
                parameters.details(dimension).toBytes(),
                isRabit ? RABIT_INDEX_VERSION : INDEX_VERSION,
                Instant.now().toEpochMilli(),
                null,
                files,
                Bytes.EMPTY);
    }
}
