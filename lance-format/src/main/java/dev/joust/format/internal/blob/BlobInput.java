// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.blob;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.internal.bytes.ByteSink;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.schema.Field;

/// Takes v2 blobs as writers give them, bytes or where such are, passes the bytes on and gathers descriptors.
/// Not thread-safe.
public final class BlobInput {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final BlobDescriptor NULL = new BlobDescriptor(BlobDescriptor.Kind.INLINE, 0, 0, 0, "");

    private final BlobOutput output;
    private final BlobThresholds thresholds;
    private Descriptors gathered = new Descriptors();

    /// @throws IllegalArgumentException if the field's metadata has a threshold that is none
    public BlobInput(Field field, BlobOutput output) {
        this.output = output;
        thresholds = BlobThresholds.of(field);
    }

    /// The five fields of what was gathered.
    private static final class Descriptors {
        final ByteSink kinds = new ByteSink();
        final ByteSink positions = new ByteSink();
        final ByteSink sizes = new ByteSink();
        final ByteSink ids = new ByteSink();
        final ByteSink uris = new ByteSink();
        final ByteSink uriEnds = new ByteSink().u32(0);
        int count;

        void add(BlobDescriptor blob) {
            kinds.u8(blob.kind().code());
            positions.u64(blob.position());
            sizes.u64(blob.size());
            ids.u32(blob.blobId());
            uris.bytes(blob.uri().getBytes(StandardCharsets.UTF_8));
            uriEnds.u32(uris.size());
            count++;
        }
    }

    public int count() {
        return gathered.count;
    }

    /// Bytes of the descriptors gathered.
    public long sizeBytes() {
        return 25L * gathered.count + gathered.uris.size();
    }

    /// Whether every row of `blobs` that is not null has either bytes or a URI, and a range only of the latter.
    ///
    /// @param blobs fields checked to hold their rows
    public static void check(ColumnBuffers blobs) {
        ColumnBuffers data = child(blobs, BlobFields.DATA);
        ColumnBuffers uri = child(blobs, BlobFields.URI);
        ColumnBuffers position = child(blobs, BlobFields.POSITION);
        ColumnBuffers size = child(blobs, BlobFields.SIZE);
        for (int row = 0; row < blobs.rowCount(); row++) {
            if (blobs.isNull(row)) {
                continue;
            }
            boolean hasUri = isThere(uri, row);
            if (isThere(data, row) == hasUri) {
                throw bad(blobs, row, "has both bytes and a URI, or neither");
            }
            if (isThere(position, row) != isThere(size, row)) {
                throw bad(blobs, row, "has position or size without the other");
            }
            if (isThere(size, row) && (!hasUri || u64(size, row) == 0)) {
                throw bad(blobs, row, "has a range that is empty, or of no URI");
            }
        }
    }

    private static IllegalArgumentException bad(ColumnBuffers blobs, int row, String what) {
        return new IllegalArgumentException("column '" + blobs.field().name() + "': blob " + row + " " + what);
    }

    /// The field of that name; null if the blobs come without.
    public static @Nullable ColumnBuffers child(ColumnBuffers blobs, String name) {
        for (ColumnBuffers child : blobs.children()) {
            if (child.field().name().equals(name)) {
                return child;
            }
        }
        return null;
    }

    private static boolean isThere(@Nullable ColumnBuffers child, int row) {
        return child != null && !child.isNull(row);
    }

    private static long u64(@Nullable ColumnBuffers child, int row) {
        return isThere(child, row) ? Objects.requireNonNull(Objects.requireNonNull(child).values()).get(LONG, 8L * row) : 0;
    }

    /// Appends rows of `blobs`, which {@link #check} has seen.
    public void append(ColumnBuffers blobs, int startRow, int endRow) throws IOException {
        ColumnBuffers data = child(blobs, BlobFields.DATA);
        ColumnBuffers uri = child(blobs, BlobFields.URI);
        ColumnBuffers position = child(blobs, BlobFields.POSITION);
        ColumnBuffers size = child(blobs, BlobFields.SIZE);
        for (int row = startRow; row < endRow; row++) {
            if (blobs.isNull(row)) {
                gathered.add(NULL);
            } else if (data != null && !data.isNull(row)) {
                gathered.add(output.write(bytes(data, row), thresholds));
            } else {
                String address = new String(Columns.bytes(Objects.requireNonNull(uri), row), StandardCharsets.UTF_8);
                gathered.add(output.external(address, u64(position, row), u64(size, row)));
            }
        }
    }

    /// A row's bytes where they are.
    public static MemorySegment bytes(ColumnBuffers data, int row) {
        long start = Columns.offset(data, row);
        long size = Columns.offset(data, row + 1) - start;
        MemorySegment values = data.values();
        return values == null || size == 0 ? MemorySegment.NULL : values.asSlice(start, size);
    }

    /// What was gathered; empty afterwards.
    public LeafValues take() {
        Descriptors taken = gathered;
        gathered = new Descriptors();
        int[] uriEnds = new int[taken.count + 1];
        MemorySegment ends = taken.uriEnds.view();
        for (int i = 0; i <= taken.count; i++) {
            uriEnds[i] = ends.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 4L * i);
        }
        return new LeafValues.Packed(
                taken.count,
                List.of(
                        fixed(8, taken.count, taken.kinds),
                        fixed(64, taken.count, taken.positions),
                        fixed(64, taken.count, taken.sizes),
                        fixed(32, taken.count, taken.ids),
                        new LeafValues.PackedField(
                                new LeafValues.VariableWidth(32, taken.count, uriEnds, taken.uris.toByteArray()), true)));
    }

    private static LeafValues.PackedField fixed(int bits, int count, ByteSink values) {
        return new LeafValues.PackedField(new LeafValues.FixedWidth(bits, count, values.toByteArray()), false);
    }
}
