// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;

/// Gathers the values of one leaf column, slots of null ones included. Not thread-safe.
public sealed interface ValueSink
        permits BitSink, DictionarySink, FixedWidthSink, FixedSizeListSink, NoneSink, PackedStructSink, UnstoredSink, VariableSink {
    /// Values so far.
    long count();

    /// Makes room for `valueCount` values more, where that is known before they come.
    default void expect(long valueCount) {}

    /// Slots that hold no value: zeros, or zero length.
    void appendEmpty(int slotCount);

    /// The column; the sink is used no more.
    ///
    /// @param validity of the rows; null if none is null
    ColumnBuffers finish(Field field, int rowCount, int nullCount, @Nullable MemorySegment validity);
}
