// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;
import java.util.List;

import dev.joust.format.batch.BatchReader;
import dev.joust.format.internal.table.evolve.ColumnAddition;
import dev.joust.format.internal.table.evolve.ColumnAlterations;
import dev.joust.format.internal.table.evolve.ColumnRefill;
import dev.joust.format.internal.table.evolve.ColumnRemoval;
import dev.joust.format.schema.Schema;

/// Changes of columns, each a new version: see {@link Dataset}, whose rules hold. Thread-safe.
public final class SchemaEvolution {
    private final Dataset dataset;

    SchemaEvolution(Dataset dataset) {
        this.dataset = dataset;
    }

    /// Adds columns, or fields of structs that are there already, with values computed from other columns: one new file
    /// per fragment. Rows that others add meanwhile get theirs, too.
    ///
    /// @param newColumns   without ids; a struct of the table's name holds the fields to be added to it
    /// @param inputColumns what the function gets: columns, or fields of structs by their path
    /// @throws IllegalArgumentException if a column is there already, or values do not fit
    public Dataset addColumns(Schema newColumns, List<String> inputColumns, ColumnFunction function)
            throws IOException {
        ColumnAddition addition = ColumnAddition.computed(
                dataset.context(), dataset.tableFileVersion(), dataset.options(), dataset.memory(), newColumns, inputColumns, function);
        return dataset.redone(version -> version.commit(addition.of(version.counted())));
    }

    /// Adds columns whose values come in the order of a scan, one for each live row.
    ///
    /// @param values closed here
    /// @throws IllegalArgumentException if there are fewer or more values than rows
    /// @throws dev.joust.format.CommitConflictException if others changed rows meanwhile so that the values do not fit
    public Dataset addColumns(BatchReader values) throws IOException {
        try (values) {
            ColumnAddition addition = ColumnAddition.streamed(
                    dataset.context(), dataset.tableFileVersion(), dataset.options(), dataset.memory(), values);
            return dataset.redone(version -> version.commit(addition.of(version.counted())));
        }
    }

    /// Adds columns that are null in every row; no file is written.
    public Dataset addNullColumns(Schema newColumns) throws IOException {
        ColumnAddition addition = ColumnAddition.ofNulls(
                dataset.context(), dataset.tableFileVersion(), dataset.options(), dataset.memory(), newColumns);
        return dataset.redone(version -> version.commit(addition.of(version.manifest())));
    }

    /// Computes the values of columns that are there, for all live rows of some fragments: a new file for each, in the place of
    /// what is there, all in one version. Fragments come one after the other, their rows in order.
    ///
    /// @param columns      of the table, at its top level
    /// @param inputColumns what the function gets; may be among the columns
    /// @throws IllegalArgumentException if there is no such column or fragment
    /// @throws dev.joust.format.CommitConflictException if others changed the fragments meanwhile
    public Dataset fillColumns(
            List<Long> fragmentIds, List<String> columns, List<String> inputColumns, ColumnFunction function)
            throws IOException {
        return dataset.commit(ColumnRefill.of(
                dataset.context(), dataset.counted(), dataset.tableFileVersion(), dataset.options(), dataset.memory(),
                fragmentIds, columns, inputColumns, function));
    }

    /// Renames columns, makes them nullable or not, or casts them, all in one version. Only casts write files.
    ///
    /// @throws IllegalArgumentException naming the column that can't be changed so
    public Dataset alterColumns(List<ColumnAlteration> alterations) throws IOException {
        return dataset.redone(version -> version.commit(new ColumnAlterations(
                        dataset.context(), version.counted(), dataset.tableFileVersion(), dataset.options(), dataset.memory())
                .of(alterations)));
    }

    /// Drops columns, or fields inside them by their path. No file is changed: {@link Upkeep} frees
    /// their space.
    ///
    /// @throws IllegalArgumentException for a column that is not there, or if none would be left
    public Dataset dropColumns(List<String> columns) throws IOException {
        return dataset.redone(version ->
                version.commit(ColumnRemoval.of(version.manifest(), columns, dataset.tableFileVersion())));
    }
}
