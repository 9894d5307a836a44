// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.blob;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;

/// Where one blob lies (spec: file format 3.5).
///
/// @param kind     where to look: v1 descriptors are inline ones
/// @param position first byte, in the file that the kind names
/// @param size     bytes; with position 0 in an external file, 0 stands for the whole of it
/// @param blobId   number of a sidecar file
/// @param uri      of an external file; empty for other kinds
record BlobDescriptor(Kind kind, long position, long size, int blobId, String uri) {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    enum Kind {
        /// In the data file itself.
        INLINE,
        /// In a sidecar file, with others.
        PACKED,
        /// In a sidecar file of its own.
        DEDICATED,
        /// Anywhere.
        EXTERNAL;

        int code() {
            return switch (this) {
                case INLINE -> 0;
                case PACKED -> 1;
                case DEDICATED -> 2;
                case EXTERNAL -> 3;
            };
        }

        static Kind fromCode(int code) {
            return switch (code) {
                case 0 -> INLINE;
                case 1 -> PACKED;
                case 2 -> DEDICATED;
                case 3 -> EXTERNAL;
                case 4, 5 -> throw new UnsupportedFormatException("managed blobs are not read");
                default -> throw new UnsupportedFormatException("blobs of kind " + code + " are not read");
            };
        }
    }

    boolean isWholeFile() {
        return kind == Kind.EXTERNAL && position == 0 && size == 0;
    }

    /// The descriptor at a row; null if there is none.
    ///
    /// @param column struct of 2 (v1) or 5 (v2) fields
    static @Nullable BlobDescriptor at(ColumnBuffers column, int row) {
        if (column.isNull(row)) {
            return null;
        }
        if (column.children().size() == 2) {
            long position = u64(column, 0, row);
            long size = u64(column, 1, row);
            // 2.0 files know no nulls among descriptors, and say it so
            return size == 0 && position != 0 ? null : new BlobDescriptor(Kind.INLINE, position, size, 0, "");
        }
        int kind = values(column, 0).get(ValueLayout.JAVA_BYTE, row) & 0xFF;
        return new BlobDescriptor(
                Kind.fromCode(kind),
                u64(column, 1, row),
                u64(column, 2, row),
                values(column, 3).get(INT, 4L * row),
                new String(Columns.bytes(column.children().get(4), row), StandardCharsets.UTF_8));
    }

    private static long u64(ColumnBuffers column, int child, int row) {
        return values(column, child).get(LONG, 8L * row);
    }

    private static MemorySegment values(ColumnBuffers column, int child) {
        return Objects.requireNonNull(column.children().get(child).values());
    }
}
