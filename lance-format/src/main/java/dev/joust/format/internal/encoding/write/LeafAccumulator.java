// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.blob.BlobOutput;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.schema.Field;

/// Gathers slots of one leaf array: its validity and its values, whatever lies above it. Not thread-safe.
public final class LeafAccumulator {
    private final ValueAccumulator values;
    private @Nullable BitAppender validity;

    /// @param blobs where the bytes of blobs go
    /// @throws dev.joust.format.UnsupportedFormatException naming the field, if its values are not written
    public LeafAccumulator(Field leaf, BlobOutput blobs) {
        values = ValueAccumulator.of(leaf, blobs);
    }

    /// @param validity bit per slot, LSB first, 1 = valid; null where no slot is null
    @SuppressWarnings("ArrayRecordComponent") // working memory, compared by nobody
    public record Leaf(byte @Nullable [] validity, LeafValues values) {}

    /// Slots gathered.
    public int count() {
        return values.count();
    }

    /// Bytes gathered.
    public long sizeBytes() {
        return values.sizeBytes() + (validity == null ? 0 : validity.bitCount() / 8);
    }

    /// Whether the buffers of `leaf` hold its rows.
    ///
    /// @throws IllegalArgumentException naming the field and the buffer that does not
    public void check(ColumnBuffers leaf) {
        LayerAccumulator.requireValidity(leaf);
        values.check(leaf);
    }

    /// How many rows of `leaf` from `startRow` bring the content to `budgetBytes` or just over it; at least one, at
    /// most those there are.
    public int rowsToFill(ColumnBuffers leaf, int startRow, long budgetBytes) {
        return values.rowsToFill(leaf, startRow, leaf.rowCount(), budgetBytes);
    }

    /// Bytes of content that all rows of `leaf` have.
    public long contentBytes(ColumnBuffers leaf) {
        return values.contentBytes(leaf);
    }

    /// Appends slots of `leaf`, which {@link #check} has seen. Its memory may be reused afterwards.
    public void append(ColumnBuffers leaf, Slots slots) throws IOException {
        ColumnBuffers source = values.withNulls(leaf);
        if (slots.dead() != null && values.writesAtOnce()) {
            source = withoutDead(source, slots);
        }
        validity = LayerAccumulator.appendValidity(validity, values.count(), source, slots);
        for (int run = 0; run < slots.runCount(); run++) {
            values.append(source, slots.start(run), slots.end(run));
        }
    }

    /// The same column, where slots below null structs are null too.
    private static ColumnBuffers withoutDead(ColumnBuffers leaf, Slots slots) {
        BitSet valid = new BitSet(leaf.rowCount());
        int position = 0;
        for (int run = 0; run < slots.runCount(); run++) {
            for (int slot = slots.start(run); slot < slots.end(run); slot++, position++) {
                valid.set(slot, !leaf.isNull(slot) && !slots.isDead(position));
            }
        }
        byte[] bits = Arrays.copyOf(valid.toByteArray(), (leaf.rowCount() + 7) / 8);
        int nullCount = leaf.rowCount() - valid.cardinality();
        return leaf.withNulls(nullCount, MemorySegment.ofArray(bits));
    }

    /// What was gathered; the accumulator is empty afterwards.
    public Leaf take() {
        byte[] bits = validity == null ? null : validity.bytes();
        validity = null;
        return new Leaf(bits, values.take());
    }
}
