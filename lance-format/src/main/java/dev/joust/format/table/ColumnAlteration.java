// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// How one column, or field inside one, changes. Immutable; each method answers a changed copy.
///
/// @param path     of the field: names joined by dots, through structs and lists (`address.city`, `points.item.x`)
/// @param newName  its own name, not the path; null keeps it
/// @param nullable whether it may hold nulls; null keeps that
/// @param newType  the type that its values are cast to, as a field whose name and metadata do not count; null keeps it
public record ColumnAlteration(
        String path, @Nullable String newName, @Nullable Boolean nullable, @Nullable Field newType) {
    public static ColumnAlteration of(String path) {
        return new ColumnAlteration(path, null, null, null);
    }

    public ColumnAlteration rename(String name) {
        return new ColumnAlteration(path, name, nullable, newType);
    }

    /// `false` needs a column without nulls, which is checked.
    public ColumnAlteration setNullable(boolean mayBeNull) {
        return new ColumnAlteration(path, newName, mayBeNull, newType);
    }

    /// To a type of the same family: integers, floating point, strings, binary, decimals, dates and times, or lists of
    /// such. A value that the new type can't hold fails the change.
    public ColumnAlteration castTo(LogicalType type) {
        return castTo(Field.nullable("type", type));
    }

    /// As the other, for a type with fields below it: a list.
    public ColumnAlteration castTo(Field type) {
        return new ColumnAlteration(path, newName, nullable, type);
    }
}
