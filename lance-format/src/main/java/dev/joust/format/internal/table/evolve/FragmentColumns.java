// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.io.IOException;
import java.util.List;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.table.DataFileWriter;
import dev.joust.format.internal.table.ScanPlanner;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.ColumnFunction;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.WriteOptions;

/// Writes files with further columns of one version's fragments. Thread-safe.
///
/// @param fileSchema what the files hold: fields of the table, with its ids
record FragmentColumns(
        TableContext table,
        Manifest manifest,
        FileVersion version,
        WriteOptions options,
        Schema fileSchema,
        BufferSources memory) {
    /// The file of a fragment, to be filled with the values of its live rows.
    SlotWriter open(Fragment fragment) throws IOException {
        return new SlotWriter(
                DataFileWriter.create(table, version, options, fileSchema),
                version,
                fileSchema,
                table.deletions(manifest, fragment),
                fragment.physicalRowCount(),
                memory);
    }

    /// A file of computed values.
    ///
    /// @param inputs top-level fields, below structs perhaps only some
    DataFile write(Fragment fragment, List<Field> inputs, ColumnFunction function) throws IOException {
        try (SlotWriter file = open(fragment);
                BatchReader rows = ScanPlanner.fieldsOf(table, manifest, List.of(fragment), inputs, memory)) {
            for (Batch next = rows.next(); next != null; next = rows.next()) {
                try (Batch batch = next;
                        Batch values = function.apply(batch, memory)) {
                    if (values.rowCount() != batch.rowCount()) {
                        throw new IllegalArgumentException(
                                values.rowCount() + " values were computed for " + batch.rowCount() + " rows");
                    }
                    file.write(values, 0, values.rowCount());
                }
            }
            return file.finish();
        }
    }
}
