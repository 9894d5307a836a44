// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
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
import dev.joust.format.table.Bytes;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexFolder;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.ScanOptions;
import dev.joust.index.IndexBuildListener.Phase;
import dev.joust.index.internal.vector.JoinedPartitions;
import dev.joust.index.internal.vector.PartitionShuffler;
import dev.joust.index.internal.vector.PartitionSource;
import dev.joust.index.internal.vector.SegmentWriter;
import dev.joust.index.internal.vector.VectorRows;
import dev.joust.index.internal.vector.VectorSample;
import dev.joust.index.internal.vector.VectorTraining;
import dev.joust.index.internal.vector.Workers;

/// The steps of building segments over one column of one version: drawing a sample, training, encoding and sorting, writing.
/// Not thread-safe.
final class SegmentBuild {
    /// Written for all kinds but RQ (spec: index format A.2).
    private static final int INDEX_VERSION = 1;

    private static final int RABIT_INDEX_VERSION = 2;
    private static final int TAKEN_AT_ONCE = 4096;

    private static final System.Logger LOG = System.getLogger(SegmentBuild.class.getName());

    private final Dataset dataset;
    private final VectorColumn column;
    private final VectorIndexParameters parameters;
    private final IndexBuildOptions options;
    private final Workers workers;
    private final int dimension;

    /// @throws IllegalArgumentException if the column holds no vectors
    SegmentBuild(Dataset dataset, VectorColumn column, VectorIndexParameters parameters, IndexBuildOptions options) {
        this.dataset = dataset;
        this.column = column;
        this.parameters = parameters;
        this.options = options;
        dimension = column.dimension();
        workers = Workers.of(dataset.session()).withCheckpoint(options::check);
    }

    int dimension() {
        return dimension;
    }

    Workers workers() {
        return workers;
    }

    private long memoryBytes() {
        return options.memoryBytes() > 0 ? options.memoryBytes() : dataset.session().batchMemoryBytes() / 4;
    }

    static long rowCount(List<Fragment> fragments) {
        return fragments.stream().mapToLong(Fragment::liveRowCount).sum();
    }

    /// Null where there are too few vectors.
    @Nullable VectorTraining train(List<Fragment> fragments) throws IOException {
        long rowCount = rowCount(fragments);
        int rate = parameters.effectiveSampleRate();
        long wanted = Math.max(
                (long) parameters.effectivePartitions(rowCount, rowCount) * rate,
                parameters.kind().storage() == VectorIndexKind.Storage.FLAT
                        ? 0
                        : (long) rate << Math.min(8, parameters.effectiveBitCount()));
        VectorSample drawn = column.isMulti() ? vectorSample(fragments, wanted) : null;
        VectorRows sample = drawn == null ? sample(fragments, wanted) : drawn.rows();
        long vectorCount = drawn != null ? drawn.seen() : rowCount <= wanted ? sample.count() : rowCount;
        int partitions = Math.min(parameters.effectivePartitions(rowCount, vectorCount), Math.max(1, sample.count()));
        options.listener().progress(Phase.TRAIN, 0, 2);
        VectorTraining training = VectorTraining.of(parameters, sample, partitions, column.element(), workers);
        options.listener().progress(Phase.TRAIN, 2, 2);
        return training;
    }

    /// So many vectors, drawn at random; all if there are no more, fewer if memory holds no more.
    VectorRows sample(List<Fragment> fragments, long wanted) throws IOException {
        long rowCount = rowCount(fragments);
        // training holds two of it
        long mostInMemory = Math.max(1024, memoryBytes() / (8L * dimension));
        long least = Math.min(Math.min(wanted, rowCount), Math.max(options.memoryBytes() > 0 ? mostInMemory : wanted, 1));
        int most = (int) Math.min(least, Integer.MAX_VALUE / 4 / dimension);
        float[] values = new float[most * dimension];
        int count = 0;
        SplittableRandom random = new SplittableRandom(parameters.seed());
        long seen = 0;
        try (BatchReader reader = scan(fragments)) {
            for (Batch batch = reader.next(); batch != null && rowCount > 0; batch = reader.next()) {
                try (Batch rows = batch) {
                    options.check();
                    VectorRows vectors = VectorRows.of(rows, column, ScanOptions.ROW_ID, parameters.metric());
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
                options.listener().progress(Phase.SAMPLE, seen, rowCount);
            }
        }
        float[] drawn = count == most ? values : Arrays.copyOf(values, count * dimension);
        return new VectorRows(drawn, new long[0], count, dimension);
    }

    /// So many vectors of rows with several, each with the same chance.
    private VectorSample vectorSample(List<Fragment> fragments, long wanted) throws IOException {
        long rowCount = rowCount(fragments);
        long mostInMemory = Math.max(1024, (memoryBytes() / 8L) / dimension);
        int most = (int) Math.min(Math.min(wanted, mostInMemory), Integer.MAX_VALUE / 4 / dimension);
        VectorSample sample = new VectorSample(Math.max(1, most), dimension, parameters.seed());
        long seenRows = 0;
        try (BatchReader reader = scan(fragments)) {
            for (Batch batch = fragments.isEmpty() ? null : reader.next(); batch != null; batch = reader.next()) {
                try (Batch rows = batch) {
                    options.check();
                    sample.add(VectorRows.of(rows, column, ScanOptions.ROW_ID, parameters.metric()));
                    seenRows += rows.rowCount();
                }
                options.listener().progress(Phase.SAMPLE, seenRows, rowCount);
            }
        }
        return sample;
    }

    private BatchReader scan(List<Fragment> fragments) {
        return dataset.scan(ScanOptions.ALL
                .withColumns(column.path())
                .withRowIds()
                .withFragments(fragments.stream().map(Fragment::id).toList()));
    }

    /// The vectors of some rows.
    ///
    /// @param addresses of live rows
    VectorRows vectors(long[] addresses) throws IOException {
        try (Batch rows = dataset.take(addresses, List.of(column.path(), ScanOptions.ROW_ID))) {
            return VectorRows.of(rows, column, ScanOptions.ROW_ID, parameters.metric());
        }
    }

    /// Writes a segment.
    ///
    /// @param covered   fragments that it answers for
    /// @param fragments whose rows are encoded
    /// @param addresses of rows of others that are encoded
    /// @param kept      rows that are encoded already
    IndexMetadata write(
            String name,
            RoaringBitmap covered,
            List<Fragment> fragments,
            long[] addresses,
            List<? extends PartitionSource> kept,
            VectorTraining training,
            Bytes details)
            throws IOException {
        int rowBytes = Long.BYTES + training.encoder().rowBytes();
        try (PartitionShuffler shuffler = new PartitionShuffler(training.model().count(), rowBytes, memoryBytes())) {
            long total = rowCount(fragments) + addresses.length;
            long done = 0;
            try (BatchReader reader = scan(fragments)) {
                for (Batch batch = fragments.isEmpty() ? null : reader.next(); batch != null; batch = reader.next()) {
                    try (Batch rows = batch) {
                        add(VectorRows.of(rows, column, ScanOptions.ROW_ID, parameters.metric()), training, shuffler);
                        done += rows.rowCount();
                    }
                    options.listener().progress(Phase.SHUFFLE, done, total);
                }
            }
            for (int start = 0; start < addresses.length; start += TAKEN_AT_ONCE) {
                int end = Math.min(addresses.length, start + TAKEN_AT_ONCE);
                add(vectors(Arrays.copyOfRange(addresses, start, end)), training, shuffler);
                options.listener().progress(Phase.SHUFFLE, done + end, total);
            }
            shuffler.finish();
            List<PartitionSource> sources = new ArrayList<>(kept);
            sources.add(shuffler);
            return write(name, covered, new JoinedPartitions(sources), training, details);
        }
    }

    private void add(VectorRows rows, VectorTraining training, PartitionShuffler shuffler) throws IOException {
        options.check();
        int[] partitions = new int[rows.count()];
        training.model().assign(rows.values(), rows.count(), partitions, workers);
        byte[] encoded = new byte[Math.multiplyExact(rows.count(), training.encoder().rowBytes())];
        training.encoder().encode(rows, partitions, encoded, workers);
        shuffler.add(partitions, rows.rowIds(), encoded, rows.count());
    }

    private IndexMetadata write(
            String name, RoaringBitmap covered, PartitionSource rows, VectorTraining training, Bytes details)
            throws IOException {
        UUID uuid = UUID.randomUUID();
        List<IndexMetadata.IndexFile> files = files(dataset, uuid, rows, training, parameters, options, workers);
        return segment(name, uuid, covered, files, details);
    }

    /// Writes the files of a segment, or leaves nothing.
    static List<IndexMetadata.IndexFile> files(
            Dataset dataset,
            UUID uuid,
            PartitionSource rows,
            VectorTraining training,
            VectorIndexParameters parameters,
            IndexBuildOptions options,
            Workers workers)
            throws IOException {
        int partitions = rows.partitionCount();
        SegmentWriter writer = new SegmentWriter(
                dataset.session(),
                dataset.newIndexFolder(uuid),
                dataset.indexFileVersion(),
                parameters,
                training,
                workers,
                done -> {
                    options.check();
                    options.listener().progress(Phase.WRITE, done, partitions);
                });
        try {
            return writer.write(rows);
        } catch (IOException | RuntimeException | Error e) {
            discard(dataset, uuid);
            throw e;
        }
    }

    /// Deletes the files of a segment that nobody will ever know.
    static void discard(Dataset dataset, UUID uuid) {
        IndexFolder folder = dataset.newIndexFolder(uuid);
        boolean interrupted = Thread.interrupted(); // an interrupted thread writes and deletes nothing
        for (String name : List.of(VectorIndex.AUXILIARY_FILE, VectorIndex.INDEX_FILE)) {
            try {
                folder.store().delete(folder.path().resolve(name));
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.DEBUG, () -> "left behind: " + folder.path().resolve(name), e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// A definition that covers nothing.
    IndexMetadata definition(String name) {
        return segment(name, UUID.randomUUID(), new RoaringBitmap(), List.of(), parameters.details(dimension).toBytes());
    }

    private IndexMetadata segment(
            String name, UUID uuid, RoaringBitmap covered, List<IndexMetadata.IndexFile> files, Bytes details) {
        boolean isRabit = parameters.kind().storage() == VectorIndexKind.Storage.RQ;
        return new IndexMetadata(
                uuid,
                List.of(column.field().id()),
                name,
                dataset.version(),
                IndexSegments.bytes(covered),
                VectorIndexDetails.TYPE_URL,
                details,
                isRabit ? RABIT_INDEX_VERSION : INDEX_VERSION,
                Instant.now().toEpochMilli(),
                null,
                files,
                Bytes.EMPTY);
    }

    static RoaringBitmap idsOf(List<Fragment> fragments) {
        RoaringBitmap ids = new RoaringBitmap();
        fragments.forEach(fragment -> ids.add((int) fragment.id()));
        return ids;
    }
}
