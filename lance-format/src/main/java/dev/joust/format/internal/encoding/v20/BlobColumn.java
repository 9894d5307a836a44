// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.internal.encoding.sink.VariableSink;
import dev.joust.format.schema.Field;
import dev.joust.io.ByteRange;

/// Blobs as bytes: a packed struct of where each lies in the file, and the bytes there, a round later. Position 1 and
/// size 0 is null, 0 and 0 is empty.
///
/// @param offsetBytes   of the offsets in memory: 4 or 8
/// @param fileSizeBytes where blobs must end
record BlobColumn(Field field, PagedColumn<PageTree.PackedPage> pages, int offsetBytes, long fileSizeBytes)
        implements ColumnReader {
    /// Position and size.
    static final int[] WIDTHS_BYTES = {8, 8};

    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public ColumnRead read(RowRanges rows, ReadTask task) {
        PackedRows descriptors = new PackedRows(pages, WIDTHS_BYTES, rows, task);
        return new ColumnRead() {
            private @Nullable List<Round.@Nullable Asked> blobs;
            private final ValiditySink validity = new ValiditySink(task.memory(), task.capacity(descriptors.rowCount(), 1));

            @Override
            public boolean askMore() {
                if (blobs != null) {
                    return false;
                }
                if (!descriptors.askMore()) {
                    blobs = ask(descriptors, validity, task);
                }
                return true;
            }

            @Override
            public ColumnBuffers finish() {
                List<Round.@Nullable Asked> parts = Objects.requireNonNull(blobs);
                VariableSink sink =
                        new VariableSink(task.memory(), offsetBytes, task.capacity(parts.size(), 8 * offsetBytes));
                for (Round.@Nullable Asked part : parts) {
                    if (part == null) {
                        sink.endValue();
                    } else {
                        sink.append(part.bytes(), 0, part.bytes().byteSize());
                    }
                }
                return sink.finish(field, parts.size(), validity.nullCount(), validity.bitmap());
            }
        };
    }

    private List<Round.@Nullable Asked> ask(PackedRows descriptors, ValiditySink validity, ReadTask task) {
        MemorySegment rows = descriptors.rows();
        List<Round.@Nullable Asked> blobs = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < descriptors.rowCount(); i++) {
            long position = rows.get(LONG, 16L * i);
            long size = rows.get(LONG, 16L * i + 8);
            if (position < 0 || size < 0 || size > fileSizeBytes - total || position > fileSizeBytes - size) {
                if (size != 0 || position != 1) {
                    throw task.context()
                            .corrupt("a blob of " + Long.toUnsignedString(size) + " bytes at "
                                    + Long.toUnsignedString(position) + " in a file of " + fileSizeBytes);
                }
            }
            total += size;
            if (size == 0 && position == 1) {
                validity.appendNulls(1);
            } else {
                validity.appendValid(1);
            }
            blobs.add(size == 0 ? null : task.round().ask(new ByteRange(position, size)));
        }
        return blobs;
    }

    @Override
    public long bytes() {
        return pages.bytes();
    }
}
