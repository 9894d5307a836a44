// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.joust.format.batch.BufferSources;
import dev.joust.format.commit.Operation;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.ColumnFunction;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.WriteOptions;

/// Computes the values of columns that are there already, for some fragments. Stateless.
public final class ColumnRefill {
    private ColumnRefill() {}

    /// Writes a file for each fragment.
    ///
    /// @param columns      of the table, at its top level
    /// @param inputColumns top-level names, or paths of fields in structs; may be among the columns
    /// @throws IllegalArgumentException if there is no such column or fragment
    public static Operation of(
            TableContext table,
            Manifest manifest,
            FileVersion version,
            WriteOptions options,
            BufferSources memory,
            List<Long> fragmentIds,
            List<String> columns,
            List<String> inputColumns,
            ColumnFunction function)
            throws IOException {
        List<Field> fields = new ArrayList<>();
        for (String column : columns) {
            fields.add(manifest.schema().field(column).orElseThrow(
                    () -> new IllegalArgumentException("no column '" + column + "' to fill")));
        }
        FragmentColumns files =
                new FragmentColumns(table, manifest, version, options, new Schema(fields, Map.of()), memory);
        List<Field> inputs = ColumnInputs.fields(manifest.schema(), inputColumns);
        ColumnFunction flattened = ColumnInputs.flattened(manifest.schema(), inputColumns, function);
        List<Operation.DataReplacement.Replacement> replacements = new ArrayList<>();
        for (long id : fragmentIds) {
            Fragment fragment = manifest.fragment(id).orElseThrow(
                    () -> new IllegalArgumentException("no fragment " + id + " to fill columns of"));
            replacements.add(new Operation.DataReplacement.Replacement(
                    id, files.write(fragment, inputs, flattened), Bytes.EMPTY));
        }
        return new Operation.DataReplacement(replacements, Bytes.EMPTY);
    }
}
