// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.repdef;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// The repetition and definition levels of one page, before compression (spec: file format 3.1).
///
/// @param repetition `levelCount` levels, null without lists
/// @param definition `levelCount` levels, null where everything is valid and no list is empty
/// @param levelCount entries: one per value slot and one per null or empty list
/// @param slotCount  entries that have a slot in the values, that is `definition <= maxVisible`
/// @param maxVisible the highest definition level that has a slot
/// @param layers     leaf first
@SuppressWarnings("ArrayRecordComponent") // working memory, compared by nobody
public record RepDefLevels(
        short @Nullable [] repetition,
        short @Nullable [] definition,
        int levelCount,
        int slotCount,
        int maxRepetition,
        int maxVisible,
        List<RepDefLayer> layers) {
    public RepDefLevels {
        layers = List.copyOf(layers);
    }

    /// Whether entry `entry` has a slot in the values.
    public boolean isVisible(int entry) {
        return definition == null || definition[entry] <= maxVisible;
    }

    /// Whether a top-level row starts at entry `entry`.
    public boolean startsRow(int entry) {
        return repetition == null || repetition[entry] == maxRepetition;
    }

    /// Bit per slot, 1 = valid; null where all are. A slot below a null struct is null.
    public byte @Nullable [] slotValidity() {
        if (definition == null) {
            return null;
        }
        byte[] bits = new byte[slotCount / 8 + 1];
        int slot = 0;
        for (int entry = 0; entry < levelCount; entry++) {
            // 1 or 0, without branches: what is invisible is not valid either
            int valid = (definition[entry] - 1) >>> 31;
            int visible = (definition[entry] - maxVisible - 1) >>> 31;
            bits[slot >>> 3] |= (byte) (valid << (slot & 7));
            slot += visible;
        }
        return bits;
    }

    /// Entries `[start, end)`, of which `newSlotCount` have a slot, as a page of their own.
    public RepDefLevels slice(int start, int end, int newSlotCount) {
        return new RepDefLevels(
                repetition == null ? null : Arrays.copyOfRange(repetition, start, end),
                definition == null ? null : Arrays.copyOfRange(definition, start, end),
                end - start, newSlotCount, maxRepetition, maxVisible, layers);
    }
}
