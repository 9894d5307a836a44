// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;

/// A table's schema with fields added: columns, or fields of structs that are there already.
///
/// @param schema               all of it, ids assigned
/// @param added                only what is new, with the structs and lists around it: what a new file holds
/// @param preservesNullability whether rows written without the new fields are still good: none of the fields is
///                             required, nor what is around it (spec: table format 3.4)
record NewFields(Schema schema, Schema added, boolean preservesNullability) {
    /// @param firstId id of the first new field; ids ascend in pre-order
    /// @param version of the table's files: fields of structs that are there can be added from 2.2 on
    /// @throws IllegalArgumentException if a column is there already
    static NewFields of(Schema table, Schema newColumns, int firstId, FileVersion version) {
        checkNames(newColumns.fields(), "");
        List<Field> merged = new ArrayList<>(table.fields());
        Merge merge = new Merge(version);
        for (Field column : BlobFields.ofNewTable(newColumns, version).fields()) {
            if (column.name().contains(".")) {
                throw new IllegalArgumentException("a column can't be named '" + column.name() + "', with a dot");
            }
            merge.into(merged, column, column.name(), true);
        }
        int[] nextId = {firstId};
        Schema schema = new Schema(
                merged.stream().map(field -> assign(field, nextId)).toList(), table.metadata());
        Schema added = FieldPath.only(schema, field -> field.id() >= firstId);
        return new NewFields(schema, added, merge.preservesNullability);
    }

    private static void checkNames(List<Field> fields, String path) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException("two columns are named '" + path + field.name() + "'");
            }
            checkNames(field.children(), path + field.name() + ".");
        }
    }

    private static Field assign(Field field, int[] nextId) {
        int id = field.id() == Field.UNASSIGNED ? nextId[0]++ : field.id();
        return field.withId(id)
                .withChildren(field.children().stream().map(child -> assign(child, nextId)).toList());
    }

    private static Field unassigned(Field field) {
        return field.withId(Field.UNASSIGNED)
                .withChildren(field.children().stream().map(NewFields::unassigned).toList());
    }

    private static final class Merge {
        private final FileVersion version;
        private boolean preservesNullability = true;

        Merge(FileVersion version) {
            this.version = version;
        }

        /// @param aroundNullable whether the top-level column around the fields, if any, holds nulls
        void into(List<Field> fields, Field column, String path, boolean aroundNullable) {
            for (int i = 0; i < fields.size(); i++) {
                if (fields.get(i).name().equals(column.name())) {
                    fields.set(i, below(fields.get(i), column, path, aroundNullable));
                    return;
                }
            }
            preservesNullability &= column.nullable() && aroundNullable;
            fields.add(unassigned(column));
        }

        private Field below(Field present, Field column, String path, boolean aroundNullable) {
            boolean nested = switch (present.type()) {
                case LogicalType.Struct _ -> column.type() instanceof LogicalType.Struct;
                case LogicalType.List(boolean large, boolean _) ->
                    column.type() instanceof LogicalType.List(boolean other, boolean _) && other == large;
                case LogicalType.FixedSizeList(LogicalType item, int _) ->
                    item == null && present.type().equals(column.type());
                case LogicalType.Null _, LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _,
                        LogicalType.Decimal _, LogicalType.Utf8 _, LogicalType.Binary _,
                        LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _,
                        LogicalType.Timestamp _, LogicalType.Duration _, LogicalType.Dictionary _,
                        LogicalType.Map _, LogicalType.Json _, LogicalType.BFloat16 _ -> false;
            };
            if (!nested || BlobFields.isBlob(present) || FileProjection.isPacked(present)) {
                throw new IllegalArgumentException(
                        present.type().equals(column.type())
                                ? "the table has a column '" + path + "' already"
                                : "column '" + path + "' is " + LogicalTypes.format(present.type())
                                        + " in the table and " + LogicalTypes.format(column.type())
                                        + " among the new columns");
            }
            boolean isStruct = present.type() instanceof LogicalType.Struct;
            if (isStruct && version != FileVersion.V2_2 && version != FileVersion.V2_3) {
                throw new IllegalArgumentException("fields can't be added to the struct '" + path
                        + "': the table's files are of version " + version.label() + ", and that needs 2.2");
            }
            List<Field> children = new ArrayList<>(present.children());
            boolean around = aroundNullable && (path.contains(".") || present.nullable());
            for (Field child : column.children()) {
                into(children, child, path + "." + child.name(), around);
            }
            return present.withChildren(children);
        }
    }
}
