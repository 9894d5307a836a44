// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.joust.format.batch.ColumnBuffers;

/// Reads the `uint64` columns that scans add.
final class Addresses {
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Addresses() {}

    /// The value of a row, which is not null.
    static long at(ColumnBuffers column, int row) {
        MemorySegment values = column.values();
        if (values == null) {
            throw new IllegalStateException("column " + column.field().name() + " has no values");
        }
        return values.get(U64, 8L * row);
    }
}
