// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.ScanOptions;

/// Names that no column of a table may have, as every table has columns of these names that no file holds.
public final class ReservedNames {
    private ReservedNames() {}

    /// @throws IllegalArgumentException naming the column
    public static void check(Schema schema) {
        for (Field field : schema.fields()) {
            if (ScanOptions.ROW_COLUMNS.contains(field.name())) {
                throw new IllegalArgumentException(
                        "a column can't be called '" + field.name() + "': every table has one of that name already");
            }
        }
    }
}
