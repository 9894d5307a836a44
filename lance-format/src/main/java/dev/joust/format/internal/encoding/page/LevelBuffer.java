// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.repdef.PageLevels;
import dev.joust.format.internal.encoding.repdef.RepDefUnraveler;
import dev.joust.format.internal.encoding.sink.GrowingSegment;
import dev.joust.format.internal.encoding.sink.LeafSink;

/// The levels of entries that are met one by one, gathered until all of them are appended at once. One per task.
final class LevelBuffer {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long MAX_FIRST_ENTRIES = 1 << 16;

    private final DecodeContext context;
    private final PageLevels levels;
    private final GrowingSegment repetition;
    private final GrowingSegment definition;
    private final boolean hasRepetition;
    private final boolean hasDefinition;
    private long entryCount;

    /// @param entriesExpected more make it grow
    LevelBuffer(DecodeContext context, PageLevels levels, long entriesExpected) {
        this.context = context;
        this.levels = levels;
        hasRepetition = levels.maxRepetition() > 0;
        hasDefinition = levels.maxDefinition() > 0;
        long first = Math.min(entriesExpected, MAX_FIRST_ENTRIES);
        repetition = new GrowingSegment(context.temporary(), hasRepetition ? 2 * first : 0);
        definition = new GrowingSegment(context.temporary(), hasDefinition ? 2 * first : 0);
    }

    /// Adds an entry.
    ///
    /// @return whether it has a slot among the values
    boolean add(int repetitionLevel, int definitionLevel) {
        if (hasRepetition) {
            long at = repetition.reserve(2);
            repetition.segment().set(SHORT, at, (short) repetitionLevel);
            repetition.advance(2);
        }
        if (hasDefinition) {
            long at = definition.reserve(2);
            definition.segment().set(SHORT, at, (short) definitionLevel);
            definition.advance(2);
        } else if (definitionLevel != 0) {
            throw context.corrupt("definition level " + definitionLevel + " for layers " + levels.layers());
        }
        entryCount++;
        return definitionLevel <= levels.maxVisible();
    }

    /// Appends what the entries say, and checks that they are whole rows.
    ///
    /// @param rowCount rows that they should be
    void appendTo(LeafSink sink, long rowCount) {
        int count = Math.toIntExact(entryCount);
        if (!hasRepetition && entryCount != rowCount) {
            throw context.corrupt(entryCount + " entries for " + rowCount + " rows");
        }
        if (!hasRepetition && !hasDefinition) {
            sink.appendValid(count);
            return;
        }
        if (levels.layers().size() == 1) {
            sink.appendDefinition(definition.segment(), 0, count);
            return;
        }
        RepDefUnraveler unraveler = new RepDefUnraveler(context, levels);
        unraveler.open(
                hasRepetition ? repetition.segment() : null, hasDefinition ? definition.segment() : null, count);
        if (hasRepetition
                && (unraveler.rowStartCount() != rowCount || (count > 0 && unraveler.rowStart(0) != 0))) {
            throw context.corrupt(unraveler.rowStartCount() + " rows begin among entries of " + rowCount + " rows");
        }
        unraveler.append(0, count, sink);
    }
}
