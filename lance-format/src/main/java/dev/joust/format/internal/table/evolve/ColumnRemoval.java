// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.joust.format.commit.Operation;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.Manifest;

/// Takes columns out of a table's schema, or fields out of structs. No file is written or changed: what only files hold
/// is gone with the next compaction.
public final class ColumnRemoval {
    private ColumnRemoval() {}

    /// @param paths   names joined by dots; a struct that loses its last field goes too
    /// @param version of the table's files: out of lists, fields can be taken from 2.2 on
    /// @throws IllegalArgumentException for a column that is not there, or if none would be left
    public static Operation of(Manifest manifest, List<String> paths, FileVersion version) {
        Schema schema = manifest.schema();
        Set<Integer> dropped = new HashSet<>();
        for (String path : paths) {
            FieldPath field = FieldPath.of(schema, path);
            checkDroppable(field, version);
            dropped.add(field.field().id());
        }
        Schema left = schema;
        for (int id : dropped) {
            left = FieldPath.replace(left, id, _ -> null);
        }
        if (left.fields().isEmpty()) {
            throw new IllegalArgumentException("a table can't be without columns: not all can be dropped");
        }
        return new Operation.Project(manifest.storedSchema().withSchema(left), true, Bytes.EMPTY);
    }

    private static void checkDroppable(FieldPath path, FileVersion version) {
        for (Field around : path.steps().subList(0, path.steps().size() - 1)) {
            if (around.type() instanceof LogicalType.Map || FileProjection.isPacked(around) || BlobFields.isBlob(around)) {
                throw new IllegalArgumentException("'" + path.name() + "' is stored as one with the others in '"
                        + around.name() + "' and can't be dropped alone");
            }
            if (!(around.type() instanceof LogicalType.Struct)
                    && version != FileVersion.V2_2
                    && version != FileVersion.V2_3) {
                throw new IllegalArgumentException("'" + path.name() + "' is in the list '" + around.name()
                        + "' and can't be dropped alone: the table's files are of version " + version.label()
                        + ", and that needs 2.2");
            }
        }
    }
}
