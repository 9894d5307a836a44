// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.Optional;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.table.ScanOptions;

/// A column that no file holds: unsigned 64 bits, worked out from where a row is (spec: table format 2.4, 5).
enum RowColumn {
    ID(ScanOptions.ROW_ID),
    ADDRESS(ScanOptions.ROW_ADDRESS),
    OFFSET(ScanOptions.ROW_OFFSET),
    CREATED_AT(ScanOptions.CREATED_AT_VERSION),
    LAST_UPDATED_AT(ScanOptions.LAST_UPDATED_AT_VERSION);

    private static final LogicalType TYPE = new LogicalType.Int(64, false);

    private final String columnName;

    RowColumn(String columnName) {
        this.columnName = columnName;
    }

    static Optional<RowColumn> of(String name) {
        for (RowColumn column : values()) {
            if (column.columnName.equals(name)) {
                return Optional.of(column);
            }
        }
        return Optional.empty();
    }

    /// As scans have it: nullable, though there are no nulls.
    Field field() {
        return Field.nullable(columnName, TYPE);
    }

    /// As takes have it, which to the reference are not the same.
    Field fieldOfTake() {
        return this == OFFSET ? Field.required(columnName, TYPE) : field();
    }
}
