// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.batch.JsonbEncoder;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Strings, binaries, and JSON, as text or as the JSONB that is stored.
final class BytesBuilder extends ColumnBuilder {
    private final GrowingBytes values = new GrowingBytes();
    private final GrowingBytes offsets = new GrowingBytes();
    private final boolean text;
    private final boolean json;
    private final boolean large;

    BytesBuilder(Field field) {
        super(field);
        text = field.type() instanceof LogicalType.Utf8;
        json = field.type() instanceof LogicalType.Json;
        large = Columns.largeOffsets(field.type());
    }

    @Override
    void appendValue(Object value) {
        byte[] bytes;
        if (text && value instanceof CharSequence chars) {
            bytes = chars.toString().getBytes(StandardCharsets.UTF_8);
        } else if (text && value instanceof Enum<?> constant) {
            bytes = constant.name().getBytes(StandardCharsets.UTF_8);
        } else if (json && value instanceof CharSequence chars) {
            bytes = jsonb(chars.toString());
        } else {
            bytes = bytesOf(value);
        }
        if (bytes == null) {
            throw wrong(value, text ? "String" : json ? "String or byte[]" : "byte[]");
        }
        values.putBytes(bytes, 0, bytes.length);
        // Ends only; the leading 0 is written when the column is built.
        offsets.putInt(values.size());
    }

    private byte[] jsonb(String text) {
        try {
            return JsonbEncoder.of(text);
        } catch (IllegalArgumentException e) {
            throw misfit("text", "is " + e.getMessage());
        }
    }

    static byte @Nullable [] bytesOf(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        return null;
    }

    @Override
    void appendEmpty() {
        offsets.putInt(values.size());
    }

    @Override
    ColumnBuffers build(SegmentAllocator memory, int rows, int nulls, @Nullable MemorySegment validityBits) {
        MemorySegment starts = ListBuilder.buildOffsets(memory, rows, large, offsets);
        return new ColumnBuffers(field(), rows, nulls, validityBits, starts, values.moveTo(memory), List.of());
    }
}
