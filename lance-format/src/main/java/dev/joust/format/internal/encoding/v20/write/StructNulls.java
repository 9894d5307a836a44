// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.write.Slots;
import dev.joust.format.schema.Field;

/// Structs of 2.0 are never null: what to say where they are.
final class StructNulls {
    private StructNulls() {}

    /// Whether the fields of a struct have as many rows as it has.
    static void checkChildren(ColumnBuffers struct, Field field) {
        if (struct.children().size() != field.children().size()) {
            throw new IllegalArgumentException("column " + field.name() + " has " + struct.children().size()
                    + " children, its type " + field.children().size());
        }
        for (ColumnBuffers child : struct.children()) {
            if (child.rowCount() != struct.rowCount()) {
                throw new IllegalArgumentException("column " + field.name() + ": field " + child.field().name()
                        + " has " + child.rowCount() + " rows, the struct " + struct.rowCount());
            }
        }
    }

    /// The first of the slots that is null, or -1.
    static int first(ColumnBuffers struct, Slots slots) {
        if (struct.validity() == null) {
            return -1;
        }
        for (int run = 0; run < slots.runCount(); run++) {
            for (int slot = slots.start(run); slot < slots.end(run); slot++) {
                if (struct.isNull(slot)) {
                    return slot;
                }
            }
        }
        return -1;
    }

    static String message(Field field, long row) {
        return "column '" + field.name() + "' row " + row
                + ": a struct is null; files of version 2.0 hold no null structs, those of 2.1 and later do";
    }
}
