// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.internal.encoding.write.LeafColumn.Step;
import dev.joust.format.internal.encoding.write.Slots;

/// The way from a top-level column of a batch to an array inside it, and which of that array's slots its rows hold:
/// what lies below null lists does not count.
///
/// @param topLevelIndex which top-level column
/// @param steps         from it down to the array's parent
record SlotPath(int topLevelIndex, List<Step> steps) {
    SlotPath {
        steps = List.copyOf(steps);
    }

    SlotPath into(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new SlotPath(topLevelIndex, longer);
    }

    boolean isTopLevel() {
        return steps.isEmpty();
    }

    ColumnBuffers array(ColumnBuffers topLevel) {
        ColumnBuffers at = topLevel;
        for (Step step : steps) {
            at = child(at, step);
        }
        return at;
    }

    /// The slots of rows `[startRow, endRow)` of the top-level column.
    Slots slots(ColumnBuffers topLevel, int startRow, int endRow) {
        ColumnBuffers at = topLevel;
        Slots slots = Slots.of(startRow, endRow);
        for (Step step : steps) {
            if (step instanceof Step.IntoList) {
                slots = items(at, slots);
            }
            at = child(at, step);
        }
        return slots;
    }

    private static ColumnBuffers child(ColumnBuffers column, Step step) {
        return switch (step) {
            case Step.IntoStruct(int childIndex) -> column.children().get(childIndex);
            case Step.IntoList _, Step.IntoFixedSizeList _ -> column.children().getFirst();
        };
    }

    private static Slots items(ColumnBuffers lists, Slots slots) {
        Slots items = new Slots();
        for (int run = 0; run < slots.runCount(); run++) {
            if (lists.validity() == null) {
                items.add(offset(lists, slots.start(run)), offset(lists, slots.end(run)));
                continue;
            }
            for (int slot = slots.start(run); slot < slots.end(run); slot++) {
                if (!lists.isNull(slot)) {
                    items.add(offset(lists, slot), offset(lists, slot + 1));
                }
            }
        }
        return items;
    }

    private static int offset(ColumnBuffers lists, int slot) {
        return (int) Columns.offset(lists, slot);
    }
}
