// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.LogicalType;
import dev.joust.index.TopK;
import dev.joust.index.internal.vector.hnsw.HnswRows;
import dev.joust.index.internal.vector.rq.RabitCodes;
import dev.joust.index.internal.vector.rq.RabitPartition;
import dev.joust.index.internal.vector.rq.RabitQuantizer;
import dev.joust.index.internal.vector.rq.RabitScan;

/// RaBitQ codes: signs of the rotated residual, more bits of it, and factors (spec: index format B.7).
final class RabitStorage implements VectorStorage {
    static final String SIGNS = "_rabit_codes";
    static final String ADD = "__add_factors";
    static final String SCALE = "__scale_factors";
    static final String ERROR = "__error_factors";
    static final String EXTRA = "__blocked_ex_codes";
    static final String EXTRA_ADD = "__add_factors_ex";
    static final String EXTRA_SCALE = "__scale_factors_ex";

    private final RabitQuantizer quantizer;
    private final boolean packed;
    private final IvfModel model;

    /// @param packed whether the file has signs in groups of rows
    RabitStorage(RabitQuantizer quantizer, boolean packed, IvfModel model) {
        this.quantizer = quantizer;
        this.packed = packed;
        this.model = model;
    }

    private record Codes(RabitPartition rows, long sizeBytes) implements Vectors {}

    @Override
    public List<String> columns() {
        List<String> columns = new ArrayList<>(List.of(SIGNS, ADD, SCALE, ERROR));
        if (quantizer.extraBits() > 0) {
            columns.addAll(List.of(EXTRA, EXTRA_ADD, EXTRA_SCALE));
        }
        return columns;
    }

    @Override
    public Vectors read(Batch rows) {
        boolean extra = quantizer.extraBits() > 0;
        RabitCodes codes = new RabitCodes(
                rows.rowCount(),
                CodeColumns.bytes(rows, SIGNS, quantizer.signBytes(), 0),
                floats(rows, ADD),
                floats(rows, SCALE),
                floats(rows, ERROR),
                extra ? CodeColumns.bytes(rows, EXTRA, quantizer.extraBytes(), 0) : new byte[0],
                extra ? floats(rows, EXTRA_ADD) : new float[0],
                extra ? floats(rows, EXTRA_SCALE) : new float[0]);
        RabitPartition partition = packed
                ? RabitPartition.ofPacked(codes, quantizer.dimension())
                : RabitPartition.ofRows(codes, 0, rows.rowCount(), quantizer.dimension());
        long rowBytes = 2L * quantizer.signBytes() + quantizer.extraBytes() + 20;
        return new Codes(partition, rowBytes * rows.rowCount());
    }

    private static float[] floats(Batch rows, String name) {
        ColumnBuffers column = rows.column(name);
        MemorySegment values = column.values();
        if (!column.field().type().equals(new LogicalType.FloatingPoint(Float.SIZE))
                || values == null
                || values.byteSize() < 4L * rows.rowCount()) {
            throw new CorruptFileException("index column '" + name + "' of type " + column.field().type() + ", expected floats");
        }
        float[] floats = new float[rows.rowCount()];
        MemorySegment.copy(values, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, floats, 0, floats.length);
        return floats;
    }

    @Override
    public Scan scan(float[] query) {
        RabitScan scan = new RabitScan(quantizer);
        scan.query(query);
        return new Scan() {
            @Override
            public void search(
                    int partitionId, Vectors vectors, long[] rowIds, long @Nullable [] mask, float lower, float upper, TopK nearest) {
                scan.partition(model.centroids(), partitionId * model.dimension());
                scan.search(((Codes) vectors).rows, rowIds, 0, mask, lower, upper, nearest);
            }

            @Override
            public float[] target(int partitionId) {
                return query;
            }
        };
    }

    @Override
    public HnswRows nodes(Vectors vectors) {
        throw new UnsupportedOperationException("there are no graphs over RaBitQ codes");
    }
}
