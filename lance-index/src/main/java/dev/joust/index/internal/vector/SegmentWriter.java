// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.file.FileVersion;
import dev.joust.format.file.FileWriteOptions;
import dev.joust.format.file.LanceFileWriter;
import dev.joust.format.file.WrittenFile;
import dev.joust.format.index.IndexText;
import dev.joust.format.index.IvfPartitions;
import dev.joust.format.index.QuantizerMetadata;
import dev.joust.format.index.Tensor;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.IndexFolder;
import dev.joust.format.table.IndexMetadata;
import dev.joust.index.VectorIndex;
import dev.joust.index.VectorIndexParameters;
import dev.joust.index.internal.vector.hnsw.HnswBuilder;
import dev.joust.index.internal.vector.hnsw.HnswGraph;
import dev.joust.index.internal.vector.hnsw.HnswRows;
import dev.joust.io.Session;

/// Writes `auxiliary.idx` and `index.idx` of a segment, partition by partition (spec: index format B.1, B.8).
public final class SegmentWriter {
    static final String FLAT_KEY = "lance:flat";
    static final String HNSW_KEY = "lance:hnsw";

    /// Rows of a batch, where a partition can be written some rows at a time.
    private static final int BATCH_ROWS = 8192;

    /// The first buffer of both files is the partitions, the second what the quantizer needs.
    private static final int TENSOR_BUFFER = 2;

    private final Session session;
    private final IndexFolder folder;
    private final FileVersion version;
    private final VectorIndexParameters parameters;
    private final VectorTraining training;
    private final Workers workers;
    private final IntConsumer written;

    /// @param written is told how many partitions there are in the files
    public SegmentWriter(
            Session session,
            IndexFolder folder,
            FileVersion version,
            VectorIndexParameters parameters,
            VectorTraining training,
            Workers workers,
            IntConsumer written) {
        this.session = session;
        this.folder = folder;
        this.version = version;
        this.parameters = parameters;
        this.training = training;
        this.workers = workers;
        this.written = written;
    }

    /// Writes both files.
    ///
    /// @return the files as manifests list them
    public List<IndexMetadata.IndexFile> write(PartitionSource rows) throws IOException {
        int[] sizes = new int[rows.partitionCount()];
        VectorEncoder encoder = training.encoder();
        List<Field> fields = new ArrayList<>();
        fields.add(Field.nullable(VectorIndex.ROW_ID, new LogicalType.Int(Long.SIZE, false)));
        fields.addAll(encoder.fields());
        Tensor tensor = encoder.tensor();
        Map<String, String> metadata = Map.of(
                "distance_type", parameters.metric().code(),
                VectorIndex.IVF_KEY, "1",
                VectorIndex.STORAGE_KEY, IndexText.ofStrings(List.of(encoder.metadata(TENSOR_BUFFER).toJson())));
        WrittenFile auxiliary;
        try (GraphWriter graphs =
                        parameters.kind().hasGraph() ? new GraphWriter(session, folder, version, parameters) : null;
                LanceFileWriter file = create(VectorIndex.AUXILIARY_FILE, new Schema(fields, metadata))) {
            for (int partition = 0; partition < sizes.length; partition++) {
                EncodedRows of = rows.read(partition);
                sizes[partition] = of.count();
                writeRows(file, fields, of.rowIds(), of.encoded());
                if (graphs != null) {
                    HnswRows nodes = of.count() == 0 ? null : encoder.nodes(of.encoded(), of.count());
                    graphs.write(nodes == null ? null : of.graph() != null ? of.graph() : graph(nodes), nodes);
                }
                written.accept(partition + 1);
            }
            file.addGlobalBuffer(new IvfPartitions(null, offsets(sizes), sizes, null).toBytes());
            if (tensor != null) {
                file.addGlobalBuffer(QuantizerMetadata.tensorBuffer(tensor));
            }
            auxiliary = file.finish();
            WrittenFile index = graphs == null ? writeMarker(sizes) : graphs.finish(indexMetadata(), training);
            return List.of(
                    new IndexMetadata.IndexFile(VectorIndex.AUXILIARY_FILE, auxiliary.sizeBytes(), Bytes.EMPTY),
                    new IndexMetadata.IndexFile(VectorIndex.INDEX_FILE, index.sizeBytes(), Bytes.EMPTY));
        }
    }

    private HnswGraph graph(HnswRows nodes) {
        HnswBuilder.Settings settings = new HnswBuilder.Settings(
                parameters.effectiveMaxConnections(),
                parameters.effectiveConstructionEf(),
                parameters.effectiveMaxLevel(),
                parameters.seed());
        return HnswBuilder.build(nodes, settings, workers);
    }

    private LanceFileWriter create(String name, Schema schema) throws IOException {
        return LanceFileWriter.create(
                session,
                folder.store(),
                folder.path().resolve(name),
                schema.withAssignedIds(0),
                FileWriteOptions.DEFAULT.withVersion(version));
    }

    private void writeRows(LanceFileWriter file, List<Field> fields, long[] rowIds, byte[] encoded) throws IOException {
        VectorEncoder encoder = training.encoder();
        int step = encoder.isByRow() ? BATCH_ROWS : Math.max(1, rowIds.length);
        for (int start = 0; start < rowIds.length; start += step) {
            int count = Math.min(step, rowIds.length - start);
            BufferSource memory = ArrowMemory.of(session).open();
            List<ColumnBuffers> columns = new ArrayList<>();
            try {
                columns.add(longs(fields.getFirst(), rowIds, start, count, memory));
                columns.addAll(encoder.columns(fields.subList(1, fields.size()), encoded, start, count, memory));
            } catch (RuntimeException | Error e) {
                memory.close();
                throw e;
            }
            try (Batch batch = Batch.of(count, columns, memory)) {
                file.write(batch);
            }
        }
    }

    private static ColumnBuffers longs(Field field, long[] values, int start, int count, BufferSource memory) {
        MemorySegment segment = memory.allocate(8L * count);
        MemorySegment.copy(values, start, segment, ValueLayout.JAVA_LONG_UNALIGNED, 0, count);
        return new ColumnBuffers(field, count, 0, null, null, segment, List.of());
    }

    private Map<String, String> indexMetadata() {
        return Map.of(
                VectorIndex.INDEX_KEY,
                IndexText.ofObject(Map.of(
                        "type", parameters.kind().name(),
                        "distance_type", parameters.metric().code())),
                VectorIndex.IVF_KEY,
                "1");
    }

    /// The file of centroids, which has no rows where there are no graphs.
    private WrittenFile writeMarker(int[] sizes) throws IOException {
        Schema schema = new Schema(
                List.of(Field.required("__flat_marker", new LogicalType.Int(Long.SIZE, false))), indexMetadata());
        try (LanceFileWriter file = create(VectorIndex.INDEX_FILE, schema)) {
            file.addGlobalBuffer(centroids(training, new long[sizes.length], new int[sizes.length]).toBytes());
            file.putSchemaMetadata(FLAT_KEY, IndexText.ofStrings(java.util.Collections.nCopies(sizes.length, "")));
            return file.finish();
        }
    }

    static IvfPartitions centroids(VectorTraining training, long[] offsets, int[] lengths) {
        return new IvfPartitions(training.centroids(), offsets, lengths, training.loss());
    }

    static long[] offsets(int[] lengths) {
        long[] offsets = new long[lengths.length];
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = offsets[i - 1] + lengths[i - 1];
        }
        return offsets;
    }
}
