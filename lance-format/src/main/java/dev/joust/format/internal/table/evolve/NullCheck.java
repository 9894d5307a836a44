// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.util.List;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Whether a field, perhaps below structs and lists, is null anywhere.
final class NullCheck {
    private NullCheck() {}

    /// @param column the top-level column
    /// @param steps  from it to the field; a null struct on the way counts as a null, a null list does not
    static boolean hasNull(ColumnBuffers column, List<Field> steps) {
        if (steps.size() == 1) {
            return column.nullCount() > 0
                    || (column.field().type() instanceof LogicalType.Null && column.rowCount() > 0);
        }
        if (column.field().type() instanceof LogicalType.Struct && column.nullCount() > 0) {
            return true;
        }
        for (ColumnBuffers child : column.children()) {
            if (child.field().id() == steps.get(1).id()) {
                return hasNull(child, steps.subList(1, steps.size()));
            }
        }
        throw new IllegalStateException("no field " + steps.get(1).name() + " below " + column.field().name());
    }
}
