// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.write.ColumnWriter;
import dev.joust.format.internal.encoding.write.Slots;
import dev.joust.format.internal.file.FilePage;
import dev.joust.format.schema.Field;

/// One physical column of a 2.0 file: gathers the slots of its own array. Not thread-safe.
abstract class ArrayColumnWriter implements ColumnWriter {
    private final Field field;
    private final SlotPath path;

    /// Where the pages of the list around it end, if there is one.
    private final @Nullable ListCuts outerCuts;

    private long rowsSeen;
    private boolean paged;

    ArrayColumnWriter(Field field, SlotPath path, @Nullable ListCuts outerCuts) {
        this.field = field;
        this.path = path;
        this.outerCuts = outerCuts;
    }

    final Field field() {
        return field;
    }

    /// Slots gathered since the last page.
    abstract int slotCount();

    /// Whether the buffers of the column's own array hold its rows.
    abstract void checkArray(ColumnBuffers array);

    /// Whether the slots may be written at all.
    ///
    /// @param slots those that the batch's rows hold
    /// @return the first that may not, or -1
    int firstRefused(ColumnBuffers array, Slots slots) {
        return -1;
    }

    /// What to say of slots that {@link #firstRefused} found.
    String refusal(long row) {
        throw new IllegalStateException();
    }

    /// Bytes of all rows of the array, as {@link #sizeBytes} counts.
    abstract long contentBytes(ColumnBuffers array);

    /// As {@link #rowsToFill}, for an array that is a top-level column.
    abstract int topLevelRowsToFill(ColumnBuffers array, int startRow, long budgetBytes);

    /// Whether a page has been taken.
    final boolean isPaged() {
        return paged;
    }

    abstract void appendSlots(ColumnBuffers array, Slots slots) throws IOException;

    /// Takes what was gathered and answers what encodes it, on any thread.
    abstract Supplier<FilePage> takePage();

    /// The page ends after that row of the file.
    void pageEnds(long row) {}

    @Override
    public final int topLevelIndex() {
        return path.topLevelIndex();
    }

    @Override
    public final int fieldId() {
        return field.id();
    }

    @Override
    public final void check(ColumnBuffers topLevel) {
        ColumnBuffers array = path.array(topLevel);
        checkArray(array);
        if (firstRefused(array, path.slots(topLevel, 0, topLevel.rowCount())) >= 0) {
            int row = 0;
            while (firstRefused(array, path.slots(topLevel, row, row + 1)) < 0) {
                row++;
            }
            throw new IllegalArgumentException(refusal(rowsSeen + row));
        }
    }

    @Override
    public final int rowsToFill(ColumnBuffers topLevel, int startRow, long budgetBytes) {
        long toNextCut = outerCuts == null ? Long.MAX_VALUE : outerCuts.after(rowsSeen) - rowsSeen;
        return (int) Math.min(toNextCut, ownRowsToFill(topLevel, startRow, budgetBytes));
    }

    /// Below lists, as if all rows of the batch were alike.
    private int ownRowsToFill(ColumnBuffers topLevel, int startRow, long budgetBytes) {
        ColumnBuffers array = path.array(topLevel);
        if (path.isTopLevel()) {
            return topLevelRowsToFill(array, startRow, budgetBytes);
        }
        long room = Math.max(1, budgetBytes - sizeBytes());
        long rows = (long) Math.ceil((double) room * topLevel.rowCount() / Math.max(1, contentBytes(array)));
        return Math.clamp(rows, 1, topLevel.rowCount() - startRow);
    }

    @Override
    public final void append(ColumnBuffers topLevel, int startRow, int endRow) throws IOException {
        appendSlots(path.array(topLevel), path.slots(topLevel, startRow, endRow));
        rowsSeen += endRow - startRow;
    }

    @Override
    public boolean isFull(long budgetBytes) {
        boolean mustEnd = outerCuts != null && outerCuts.isAt(rowsSeen);
        return slotCount() > 0 && (mustEnd || sizeBytes() >= budgetBytes);
    }

    /// Below lists that are all empty there is a page too, of nothing.
    @Override
    public boolean needsPage() {
        return slotCount() > 0 || (!paged && outerCuts != null && rowsSeen > 0);
    }

    @Override
    public final Supplier<List<FilePage>> cutPage(boolean last) {
        Supplier<FilePage> page = takePage();
        paged = true;
        pageEnds(rowsSeen);
        return () -> List.of(page.get());
    }
}
