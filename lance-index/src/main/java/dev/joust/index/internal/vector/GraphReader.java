// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.LanceFileReader;
import dev.joust.format.index.HnswMetadata;
import dev.joust.format.index.IndexText;
import dev.joust.format.index.IvfPartitions;
import dev.joust.format.schema.LogicalType;
import dev.joust.index.internal.vector.hnsw.HnswGraph;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;

/// The graphs in `index.idx`, partition by partition (spec: index format B.8). Thread-safe.
public final class GraphReader {
    static final String NODE = "__vector_id";
    static final String NEIGHBORS = "__neighbors";

    private final Session session;
    private final LanceFileReader index;
    private final FileProjection projection;
    private final ObjectPath path;
    private final IvfPartitions graphRows;
    private final IvfPartitions rows;
    private final List<String> texts;

    /// @param graphRows rows of each graph in the file
    /// @param rows      of each partition
    public GraphReader(
            Session session, LanceFileReader index, ObjectPath path, IvfPartitions graphRows, IvfPartitions rows) {
        this.session = session;
        this.index = index;
        this.path = path;
        this.graphRows = graphRows;
        this.rows = rows;
        String text = index.schema().metadata().getOrDefault(SegmentWriter.HNSW_KEY, "[]");
        projection = CodeColumns.select(index, path, List.of(NODE, NEIGHBORS));
        texts = IndexText.strings(path, SegmentWriter.HNSW_KEY, text);
        if (texts.size() != graphRows.count()) {
            throw new CorruptFileException(
                    path, 0, SegmentWriter.HNSW_KEY, texts.size() + " graphs, " + graphRows.count() + " partitions");
        }
    }

    /// The graph of a partition; null where it has no rows.
    public @Nullable HnswGraph read(int partition) throws IOException {
        int rowCount = graphRows.lengths()[partition];
        if (rows.lengths()[partition] == 0) {
            return null;
        }
        HnswMetadata metadata = HnswMetadata.parse(path, texts.get(partition));
        long start = graphRows.offsets()[partition];
        int[] offsets = metadata.levelOffsets();
        if (start < 0 || start > index.rowCount() - rowCount || offsets.length < 2 || offsets[0] != 0
                || offsets[offsets.length - 1] > rowCount || offsets[1] != rows.lengths()[partition]) {
            throw new CorruptFileException(path, 0, "graph of partition " + partition, rowCount + " rows from row "
                    + start + " on in levels " + Arrays.toString(offsets) + ", the file has " + index.rowCount()
                    + ", the partition " + rows.lengths()[partition]);
        }
        try (BatchReader reader = index.scan(
                        projection,
                        start,
                        start + rowCount,
                        rowCount,
                        ArrowMemory.of(session));
                Batch batch = reader.next()) {
            if (batch == null || batch.rowCount() != rowCount) {
                throw new CorruptFileException(path, 0, "graph of partition " + partition, "no rows");
            }
            return graph(partition, metadata, batch);
        }
    }

    private HnswGraph graph(int partition, HnswMetadata metadata, Batch batch) {
        int[] nodes = ints(batch.column(NODE), batch.rowCount(), partition);
        int[] starts = starts(batch.column(NEIGHBORS), batch.rowCount(), partition);
        int[] neighbors = ints(
                batch.column(NEIGHBORS).children().getFirst(), starts[batch.rowCount()], partition);
        List<HnswGraph.Level> levels = new ArrayList<>();
        int[] offsets = metadata.levelOffsets();
        try {
            for (int level = 0; level + 1 < offsets.length; level++) {
                int from = offsets[level];
                int to = offsets[level + 1];
                if (level > 0 && from == to) {
                    break;
                }
                int[] own = Arrays.copyOfRange(starts, from, to + 1);
                int first = own[0];
                for (int i = 0; i < own.length; i++) {
                    own[i] -= first;
                }
                levels.add(new HnswGraph.Level(
                        Arrays.copyOfRange(nodes, from, to),
                        own,
                        Arrays.copyOfRange(neighbors, first, first + own[own.length - 1])));
            }
            return new HnswGraph(metadata.entryPoint(), levels);
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(path, 0, "graph of partition " + partition, String.valueOf(e.getMessage()));
        }
    }

    private int[] ints(ColumnBuffers column, int count, int partition) {
        int[] ints = new int[count];
        MemorySegment values = column.values();
        if (count > 0 && (values == null || values.byteSize() < 4L * count || !isInt(column))) {
            throw new CorruptFileException(path, 0, "graph of partition " + partition, "column '" + column.field().name()
                    + "' of type " + column.field().type() + " holds fewer than " + count + " 32-bit numbers");
        }
        if (values != null) {
            MemorySegment.copy(values, ValueLayout.JAVA_INT_UNALIGNED, 0, ints, 0, count);
        }
        return ints;
    }

    private static boolean isInt(ColumnBuffers column) {
        return column.field().type() instanceof LogicalType.Int(int bitWidth, boolean _) && bitWidth == 32;
    }

    private int[] starts(ColumnBuffers column, int count, int partition) {
        if (!(column.field().type() instanceof LogicalType.List(boolean large, boolean _)) || column.offsets() == null) {
            throw new CorruptFileException(
                    path, 0, "graph of partition " + partition, "column '" + NEIGHBORS + "' of type " + column.field().type());
        }
        int[] starts = new int[count + 1];
        for (int i = 0; i <= count; i++) {
            starts[i] = large
                    ? Math.toIntExact(column.offsets().get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i))
                    : column.offsets().get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
        }
        return starts;
    }
}
