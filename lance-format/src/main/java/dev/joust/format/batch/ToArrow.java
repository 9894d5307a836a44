// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// Loads the buffers of columns into vectors. One per batch.
final class ToArrow {
    private final BufferSource memory;
    private final BufferAllocator allocator;
    private final MapDictionaryProvider dictionaries;

    ToArrow(BufferSource memory, BufferAllocator allocator, MapDictionaryProvider dictionaries) {
        this.memory = memory;
        this.allocator = allocator;
        this.dictionaries = dictionaries;
    }

    VectorSchemaRoot root(Schema schema, int rowCount, List<ColumnBuffers> columns) {
        VectorSchemaRoot root = VectorSchemaRoot.create(ArrowSchemas.toArrow(schema), allocator);
        try {
            for (int i = 0; i < columns.size(); i++) {
                load(root.getVector(i), columns.get(i));
            }
            root.setRowCount(rowCount);
            return root;
        } catch (RuntimeException | Error e) {
            root.close();
            throw e;
        }
    }

    private void load(FieldVector vector, ColumnBuffers column) {
        List<ArrowBuf> buffers = new ArrayList<>();
        List<ArrowBuf> copies = new ArrayList<>();
        try {
            LogicalType type = column.field().type();
            long rowCount = column.rowCount();
            if (!(type instanceof LogicalType.Null)) {
                buffers.add(buffer(column.validity(), Bits.byteCount(rowCount), copies));
            }
            switch (type) {
                case LogicalType.Null _, LogicalType.Struct _, LogicalType.FixedSizeList _ -> {}
                case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ -> {
                    buffers.add(offsets(column, copies));
                    buffers.add(buffer(column.values(), Columns.offset(column, column.rowCount()), copies));
                }
                case LogicalType.List _, LogicalType.Map _ -> buffers.add(offsets(column, copies));
                case LogicalType.Dictionary(LogicalType _, LogicalType.Int index) ->
                    buffers.add(buffer(column.values(), rowCount * (index.bitWidth() >>> 3), copies));
                case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                        LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _,
                        LogicalType.Duration _, LogicalType.BFloat16 _ ->
                    buffers.add(buffer(column.values(), Bits.byteCount(rowCount * type.bitsPerValue()), copies));
            }
            vector.loadFieldBuffers(new ArrowFieldNode(rowCount, column.nullCount()), buffers);
            if (type instanceof LogicalType.Dictionary) {
                addDictionary(vector, column.children().getFirst());
                return;
            }
        } finally {
            copies.forEach(ArrowBuf::close);
        }
        List<FieldVector> children = vector.getChildrenFromFields();
        for (int i = 0; i < children.size(); i++) {
            load(children.get(i), column.children().get(i));
        }
    }

    private void addDictionary(FieldVector indices, ColumnBuffers values) {
        FieldVector vector =
                ArrowSchemas.toArrow(values.field(), new long[] {0}).createVector(allocator);
        try {
            load(vector, values);
        } catch (RuntimeException | Error e) {
            vector.close();
            throw e;
        }
        dictionaries.put(new Dictionary(vector, indices.getField().getDictionary()));
    }

    private ArrowBuf offsets(ColumnBuffers column, List<ArrowBuf> copies) {
        long width = Columns.largeOffsets(column.field().type()) ? 8 : 4;
        return buffer(column.offsets(), (column.rowCount() + 1L) * width, copies);
    }

    private ArrowBuf buffer(@Nullable MemorySegment segment, long sizeBytes, List<ArrowBuf> copies) {
        if (segment == null || sizeBytes == 0) {
            return allocator.getEmpty();
        }
        MemorySegment used = segment.asSlice(0, sizeBytes);
        if (memory instanceof ArrowBufferSource source && source.root() == allocator.getRoot()) {
            ArrowBuf own = source.bufferOf(used);
            if (own != null) {
                return own;
            }
        }
        ArrowBuf copy = allocator.buffer(sizeBytes);
        copies.add(copy);
        for (long done = 0; done < sizeBytes; ) {
            int part = (int) Math.min(sizeBytes - done, 1 << 30);
            MemorySegment.copy(used, done, MemorySegment.ofBuffer(copy.nioBuffer(done, part)), 0, part);
            done += part;
        }
        return copy;
    }
}
