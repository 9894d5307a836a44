// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.bytes.ByteSink;
import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.encoding.compress.LevelEncoder;
import dev.joust.format.internal.encoding.repdef.RepDefLayer;
import dev.joust.format.internal.encoding.repdef.RepDefLevels;

/// Pages without values of their own: nothing but nulls and empty lists, or (2.2) one value everywhere
/// (spec: file format 3.4).
public final class ConstantWriter {
    /// Fixed-width values up to this go into the layout.
    private static final int MAX_INLINE_BYTES = 32;

    private ConstantWriter() {}

    /// A page of nulls, without lists or structs above.
    public static EncodedPage allNull() {
        return new EncodedPage(
                new PageLayout.ConstantLayout(List.of(RepDefLayer.NULLABLE_ITEM), null, null, null, 0, 0), List.of());
    }

    /// A page without a valid value, below lists or structs.
    public static EncodedPage levelsOnly(RepDefLevels levels, FileVersion version) {
        if (version == FileVersion.V2_1) {
            return new EncodedPage(
                    new PageLayout.ConstantLayout(levels.layers(), null, null, null, 0, 0),
                    List.of(raw(levels.repetition()), raw(levels.definition())));
        }
        int[] all = {levels.levelCount()};
        LevelEncoder repetition =
                levels.repetition() == null ? null : LevelEncoder.choose(levels.repetition(), all, true, Integer.MAX_VALUE);
        LevelEncoder definition =
                levels.definition() == null ? null : LevelEncoder.choose(levels.definition(), all, true, Integer.MAX_VALUE);
        return new EncodedPage(
                new PageLayout.ConstantLayout(
                        levels.layers(),
                        null,
                        repetition == null ? null : repetition.encoding(),
                        definition == null ? null : definition.encoding(),
                        repetition == null ? 0 : levels.levelCount(),
                        definition == null ? 0 : levels.levelCount()),
                List.of(encoded(repetition, levels.levelCount()), encoded(definition, levels.levelCount())));
    }

    private static ByteSlice encoded(@Nullable LevelEncoder encoder, int count) {
        if (encoder == null) {
            return ByteSlice.EMPTY;
        }
        byte[] target = new byte[encoder.sizeBytes(0, count)];
        encoder.write(0, count, target, 0);
        return ByteSlice.of(target);
    }

    /// A page whose valid values all equal the one in slot `slot`. Its levels are stored as they are, 2 bytes each.
    public static EncodedPage value(LeafValues values, int slot, RepDefLevels levels) {
        List<ByteSlice> buffers = new ArrayList<>();
        Bytes inline = null;
        switch (values) {
            case LeafValues.FixedWidth fixed -> {
                byte[] value = value(fixed, slot);
                if (value.length <= MAX_INLINE_BYTES) {
                    inline = Bytes.wrap(value);
                } else {
                    buffers.add(oneElementArray(value));
                }
            }
            case LeafValues.VariableWidth variable -> {
                byte[] offsets = new byte[variable.bitsPerOffset() / 4];
                int length = variable.length(slot);
                if (variable.bitsPerOffset() == 32) {
                    LittleEndian.putInt(offsets, 4, length);
                } else {
                    LittleEndian.putLong(offsets, 8, length);
                }
                int start = variable.offsets()[slot];
                buffers.add(oneElementArray(
                        offsets, java.util.Arrays.copyOfRange(variable.bytes(), start, start + length)));
            }
            case LeafValues.FixedSizeList _, LeafValues.Indexed _, LeafValues.Packed _, LeafValues.BlobDescriptors _,
                    LeafValues.None _ ->
                throw new IllegalArgumentException("no constant of " + values.getClass().getSimpleName());
        }
        if (levels.repetition() != null || levels.definition() != null) {
            buffers.add(raw(levels.repetition()));
            buffers.add(raw(levels.definition()));
        }
        return new EncodedPage(
                new PageLayout.ConstantLayout(levels.layers(), inline, null, null, 0, 0), buffers);
    }

    private static byte[] value(LeafValues.FixedWidth values, int slot) {
        if (values.bitsPerValue() == 1) {
            return new byte[] {(byte) (values.bytes()[slot >>> 3] >> (slot & 7) & 1)};
        }
        int width = values.bytesPerValue();
        return java.util.Arrays.copyOfRange(values.bytes(), slot * width, (slot + 1) * width);
    }

    /// `u32 buffers; u32 length of each; bytes`: the Arrow buffers of an array of one element.
    private static ByteSlice oneElementArray(byte[]... arrowBuffers) {
        ByteSink sink = new ByteSink().u32(arrowBuffers.length);
        for (byte[] buffer : arrowBuffers) {
            sink.u32(buffer.length);
        }
        for (byte[] buffer : arrowBuffers) {
            sink.bytes(buffer);
        }
        return ByteSlice.of(sink.toByteArray());
    }

    private static ByteSlice raw(short @Nullable [] levels) {
        if (levels == null) {
            return ByteSlice.EMPTY;
        }
        byte[] bytes = new byte[2 * levels.length];
        for (int i = 0; i < levels.length; i++) {
            LittleEndian.putShort(bytes, 2 * i, levels[i]);
        }
        return ByteSlice.of(bytes);
    }
}
