// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.file.FileVersion;
import dev.joust.format.file.FileWriteOptions;
import dev.joust.format.file.LanceFileWriter;
import dev.joust.format.file.WrittenFile;
import dev.joust.format.index.HnswMetadata;
import dev.joust.format.index.IndexText;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.IndexFolder;
import dev.joust.index.VectorIndex;
import dev.joust.index.VectorIndexParameters;
import dev.joust.index.internal.vector.hnsw.HnswGraph;
import dev.joust.index.internal.vector.hnsw.HnswRows;
import dev.joust.io.Session;

/// Writes the graphs of a segment to `index.idx`, partition by partition (spec: index format B.8). Not thread-safe.
final class GraphWriter implements AutoCloseable {
    private static final String DISTANCES = "_distance";
    private static final LogicalType UINT32 = new LogicalType.Int(Integer.SIZE, false);

    /// Nodes of a batch.
    private static final int BATCH_NODES = 4096;

    private static final Schema SCHEMA = new Schema(
                    List.of(
                            Field.nullable(GraphReader.NODE, UINT32),
                            list(GraphReader.NEIGHBORS, UINT32),
                            list(DISTANCES, new LogicalType.FloatingPoint(Float.SIZE))),
                    Map.of())
            .withAssignedIds(0);

    private final Session session;
    private final VectorIndexParameters parameters;
    private final LanceFileWriter file;
    private final List<String> texts = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();

    GraphWriter(Session session, IndexFolder folder, FileVersion version, VectorIndexParameters parameters) throws IOException {
        this.session = session;
        this.parameters = parameters;
        file = LanceFileWriter.create(
                session,
                folder.store(),
                folder.path().resolve(VectorIndex.INDEX_FILE),
                SCHEMA,
                FileWriteOptions.DEFAULT.withVersion(version));
    }

    private static Field list(String name, LogicalType item) {
        return Field.nullable(name, new LogicalType.List(false, false)).withChildren(List.of(Field.nullable("item", item)));
    }

    /// Writes the graph of the next partition.
    ///
    /// @param graph null where the partition has no rows
    void write(@Nullable HnswGraph graph, @Nullable HnswRows nodes) throws IOException {
        if (graph == null || nodes == null) {
            texts.add("");
            lengths.add(0);
            return;
        }
        int maxLevel = parameters.effectiveMaxLevel();
        int[] levelOffsets = new int[maxLevel + 1];
        int count = 0;
        HnswRows.Scorer scorer = nodes.newBuildScorer();
        for (int level = 0; level < maxLevel; level++) {
            if (level < graph.levels().size()) {
                write(graph.levels().get(level), scorer);
                count += graph.levels().get(level).nodes().length;
            }
            levelOffsets[level + 1] = count;
        }
        texts.add(new HnswMetadata(
                        graph.entryPoint(),
                        maxLevel,
                        parameters.effectiveMaxConnections(),
                        parameters.effectiveConstructionEf(),
                        levelOffsets)
                .toJson());
        lengths.add(count);
    }

    private void write(HnswGraph.Level level, HnswRows.Scorer scorer) throws IOException {
        for (int start = 0; start < level.nodes().length; start += BATCH_NODES) {
            int end = Math.min(level.nodes().length, start + BATCH_NODES);
            int first = level.offsets()[start];
            int[] neighbors = java.util.Arrays.copyOfRange(level.neighbors(), first, level.offsets()[end]);
            float[] distances = new float[neighbors.length];
            int[] offsets = new int[end - start + 1];
            for (int node = start; node < end; node++) {
                int from = level.offsets()[node];
                int count = level.offsets()[node + 1] - from;
                int[] ids = java.util.Arrays.copyOfRange(level.neighbors(), from, from + count);
                float[] own = new float[count];
                scorer.row(level.nodes()[node]);
                scorer.score(ids, count, own);
                System.arraycopy(own, 0, distances, from - first, count);
                offsets[node - start + 1] = from - first + count;
            }
            write(java.util.Arrays.copyOfRange(level.nodes(), start, end), offsets, neighbors, distances);
        }
    }

    private void write(int[] nodes, int[] offsets, int[] neighbors, float[] distances) throws IOException {
        BufferSource memory = ArrowMemory.of(session).open();
        List<ColumnBuffers> columns;
        try {
            columns = GraphColumns.of(SCHEMA.fields(), nodes, offsets, neighbors, distances, memory);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
        try (Batch batch = Batch.of(nodes.length, columns, memory)) {
            file.write(batch);
        }
    }

    /// Writes what is left and makes the file visible.
    WrittenFile finish(Map<String, String> metadata, VectorTraining training) throws IOException {
        int[] all = lengths.stream().mapToInt(length -> length).toArray();
        file.addGlobalBuffer(
                SegmentWriter.centroids(training, SegmentWriter.offsets(all), all).toBytes());
        metadata.forEach(file::putSchemaMetadata);
        file.putSchemaMetadata(SegmentWriter.HNSW_KEY, IndexText.ofStrings(texts));
        return file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
