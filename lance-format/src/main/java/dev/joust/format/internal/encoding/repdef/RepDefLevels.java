// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.repdef;

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
}
