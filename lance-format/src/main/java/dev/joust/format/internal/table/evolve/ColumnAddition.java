// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CommitConflictException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.commit.Operation;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.table.FragmentWriter;
import dev.joust.format.internal.table.Parallel;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.ColumnFunction;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.StoredSchema;
import dev.joust.format.table.WriteOptions;

/// Adds columns to a table, perhaps over several attempts: what was written for a fragment that is as it was is not
/// written again. One per change; not thread-safe.
public final class ColumnAddition {
    /// Fragments whose columns are computed at once.
    private static final int MAX_FRAGMENTS_AT_ONCE = 8;

    private final TableContext table;
    private final FileVersion version;
    private final WriteOptions options;
    private final BufferSources memory;
    private final Schema newColumns;
    private final Values values;

    private @Nullable Schema writtenSchema;
    private final Map<FragmentKey, DataFile> written = new ConcurrentHashMap<>();
    private boolean streamed;

    /// A fragment as far as new columns depend on it.
    private record FragmentKey(long id, List<DataFile> files) {
        static FragmentKey of(Fragment fragment) {
            return new FragmentKey(fragment.id(), fragment.files());
        }
    }

    /// Where the values come from.
    private sealed interface Values {
        /// Null in every row: no file is written.
        record Nulls() implements Values {}

        /// @param inputColumns top-level names, or paths of fields in structs
        record Computed(List<String> inputColumns, ColumnFunction function) implements Values {}

        /// One after the other for the live rows of all fragments.
        record Streamed(BatchReader rows) implements Values {}
    }

    private ColumnAddition(
            TableContext table,
            FileVersion version,
            WriteOptions options,
            BufferSources memory,
            Schema newColumns,
            Values values) {
        this.table = table;
        this.version = version;
        this.options = options;
        this.memory = memory;
        this.newColumns = newColumns;
        this.values = values;
    }

    /// Columns that are null in every row.
    public static ColumnAddition ofNulls(
            TableContext table, FileVersion version, WriteOptions options, BufferSources memory, Schema newColumns) {
        for (Field column : newColumns.fields()) {
            if (!column.nullable()) {
                throw new IllegalArgumentException(
                        "column '" + column.name() + "' holds no nulls, and is to be null in every row");
            }
        }
        return new ColumnAddition(table, version, options, memory, newColumns, new Values.Nulls());
    }

    /// Columns computed from others.
    public static ColumnAddition computed(
            TableContext table,
            FileVersion version,
            WriteOptions options,
            BufferSources memory,
            Schema newColumns,
            List<String> inputColumns,
            ColumnFunction function) {
        return new ColumnAddition(
                table, version, options, memory, newColumns, new Values.Computed(List.copyOf(inputColumns), function));
    }

    /// Columns whose values come in the order of the table's rows.
    ///
    /// @param rows stays the caller's; read once, so that the change can be made anew only where its rows still fit
    public static ColumnAddition streamed(
            TableContext table, FileVersion version, WriteOptions options, BufferSources memory, BatchReader rows) {
        return new ColumnAddition(table, version, options, memory, rows.schema(), new Values.Streamed(rows));
    }

    /// The change of this version. Writes the files that are not there yet.
    ///
    /// @throws IllegalArgumentException if a column is there already, or values do not fit
    public Operation of(Manifest manifest) throws IOException {
        NewFields fields = NewFields.of(manifest.schema(), newColumns, manifest.maxFieldId() + 1, version);
        StoredSchema after = manifest.storedSchema().withSchema(fields.schema());
        return new Operation.Merge(
                extended(manifest, fields.added()), after, fields.preservesNullability(), Bytes.EMPTY);
    }

    private List<Fragment> extended(Manifest manifest, Schema added) throws IOException {
        if (values instanceof Values.Nulls) {
            return manifest.fragments();
        }
        if (!added.equals(writtenSchema)) {
            if (writtenSchema != null && values instanceof Values.Streamed) {
                throw outOfDate(manifest);
            }
            written.clear();
            writtenSchema = added;
        }
        FragmentColumns columns = new FragmentColumns(
                table, manifest, version, options, FragmentWriter.matched(added, newColumns), memory);
        List<Fragment> missing = manifest.fragments().stream()
                .filter(fragment -> !written.containsKey(FragmentKey.of(fragment)))
                .toList();
        switch (values) {
            case Values.Nulls _ -> {}
            case Values.Computed computed -> compute(columns, missing, computed);
            case Values.Streamed streamed -> stream(columns, missing, streamed.rows());
        }
        List<Fragment> extended = new ArrayList<>();
        for (Fragment fragment : manifest.fragments()) {
            List<DataFile> files = new ArrayList<>(fragment.files());
            files.add(written.get(FragmentKey.of(fragment)));
            extended.add(fragment.withFiles(files));
        }
        return extended;
    }

    private void compute(FragmentColumns columns, List<Fragment> fragments, Values.Computed computed)
            throws IOException {
        List<Field> inputs = ColumnInputs.fields(columns.manifest().schema(), computed.inputColumns());
        ColumnFunction function =
                ColumnInputs.flattened(columns.manifest().schema(), computed.inputColumns(), computed.function());
        int atOnce = Math.min(MAX_FRAGMENTS_AT_ONCE, table.session().workerCount());
        Parallel.map(table.session(), fragments, atOnce, fragment -> {
            written.put(FragmentKey.of(fragment), columns.write(fragment, inputs, function));
            return fragment.id();
        });
    }

    private void stream(FragmentColumns columns, List<Fragment> fragments, BatchReader rows) throws IOException {
        if (streamed) {
            if (!fragments.isEmpty()) {
                throw outOfDate(columns.manifest());
            }
            return;
        }
        streamed = true;
        Map<FragmentKey, DataFile> files = new LinkedHashMap<>();
        Batch batch = null;
        int nextRow = 0;
        try {
            for (Fragment fragment : fragments) {
                try (SlotWriter file = columns.open(fragment)) {
                    while (file.remainingRows() > 0) {
                        if (batch == null) {
                            batch = rows.next();
                            nextRow = 0;
                            if (batch == null) {
                                throw new IllegalArgumentException("the values end before the table's rows: "
                                        + file.remainingRows() + " of fragment " + fragment.id() + " get none");
                            }
                        }
                        int count = (int) Math.min(batch.rowCount() - nextRow, file.remainingRows());
                        file.write(batch, nextRow, nextRow + count);
                        nextRow += count;
                        if (nextRow == batch.rowCount()) {
                            batch.close();
                            batch = null;
                        }
                    }
                    files.put(FragmentKey.of(fragment), file.finish());
                }
            }
            if (batch == null) {
                batch = rows.next();
            }
            if (batch != null) {
                throw new IllegalArgumentException("there are more values than the table's "
                        + columns.manifest().liveRowCount() + " rows");
            }
        } finally {
            if (batch != null) {
                batch.close();
            }
        }
        written.putAll(files);
    }

    private static CommitConflictException outOfDate(Manifest manifest) {
        return new CommitConflictException(
                "the values were given for the rows of an older version, and version " + manifest.version()
                        + " has others or other columns: give them again",
                false);
    }
}
