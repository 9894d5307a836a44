// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.BlobHandling;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.ScanOptions;

/// Decides which rows of which fragments a scan reads. Without a predicate, what offset and limit leave out is known
/// from the manifest alone and never read.
public final class ScanPlanner {
    /// Of the session's batch memory, what one batch may take: a scan holds several.
    private static final int BATCH_SHARE = 32;

    private ScanPlanner() {}

    public static BatchReader plan(
            TableContext table, Manifest manifest, ScanOptions options, BufferSources memory) {
        Schema schema = readSchema(manifest, options.blobs());
        RowColumns columns =
                RowColumns.ofScan(schema, options.columns(), options.withRowId(), options.withRowAddress());
        FragmentScan.Plan plan = FragmentScan.Plan.of(
                        schema, columns, options.predicate(), options.batchRowCount(), batchBytes(table, options))
                .withRowNumbers(manifest);
        long limit = options.limit() < 0 ? Long.MAX_VALUE : options.limit();
        if (options.predicate() == null) {
            List<FragmentScan.Task> tasks = tasks(fragments(manifest, options), options.offset(), limit);
            return new ScanPipeline(table, manifest, plan, tasks, 0, limit, options.ordered(), memory);
        }
        // No fragment needs to give more than all of them together shall.
        long cap = limit > Long.MAX_VALUE - options.offset() ? Long.MAX_VALUE : limit + options.offset();
        List<FragmentScan.Task> tasks = new ArrayList<>();
        for (Fragment fragment : fragments(manifest, options)) {
            if (fragment.liveRowCount() > 0 && cap > 0) {
                tasks.add(new FragmentScan.Task(fragment, 0, Math.min(cap, fragment.liveRowCount())));
            }
        }
        return new ScanPipeline(table, manifest, plan, tasks, options.offset(), limit, options.ordered(), memory);
    }

    /// The live rows of some fragments, of fields as they are in the table: fields of a struct come in the struct, and blobs
    /// as descriptors.
    ///
    /// @param fields top-level ones, below structs perhaps only some
    public static BatchReader fieldsOf(
            TableContext table, Manifest manifest, List<Fragment> fragments, List<Field> fields, BufferSources memory) {
        RowColumns columns = new RowColumns(
                BlobFields.read(fields, true).stream().map(ColumnPath::whole).toList(), false, false);
        FragmentScan.Plan plan = FragmentScan.Plan.of(
                manifest.schema(),
                columns,
                null,
                ScanOptions.DEFAULT_BATCH_ROW_COUNT,
                batchBytes(table, ScanOptions.ALL));
        List<FragmentScan.Task> tasks = tasks(fragments, 0, Long.MAX_VALUE);
        return new ScanPipeline(table, manifest, plan, tasks, 0, Long.MAX_VALUE, true, memory);
    }

    private static long batchBytes(TableContext table, ScanOptions options) {
        return options.batchBytes() > 0 ? options.batchBytes() : table.session().batchMemoryBytes() / BATCH_SHARE;
    }

    /// The table's columns as they are read: blobs as descriptors or as bytes.
    static Schema readSchema(Manifest manifest, BlobHandling blobs) {
        Schema schema = manifest.schema();
        return new Schema(BlobFields.read(schema.fields(), blobs == BlobHandling.DESCRIPTORS), schema.metadata());
    }

    private static List<Fragment> fragments(Manifest manifest, ScanOptions options) {
        Set<Long> wanted = options.fragmentIds();
        return wanted == null
                ? manifest.fragments()
                : manifest.fragments().stream()
                        .filter(fragment -> wanted.contains(fragment.id()))
                        .toList();
    }

    private static List<FragmentScan.Task> tasks(List<Fragment> fragments, long offset, long limit) {
        List<FragmentScan.Task> tasks = new ArrayList<>();
        long skip = offset;
        long wanted = limit;
        for (Fragment fragment : fragments) {
            if (wanted == 0) {
                break;
            }
            long live = fragment.liveRowCount();
            if (skip >= live) {
                skip -= live;
                continue;
            }
            long count = Math.min(live - skip, wanted);
            tasks.add(new FragmentScan.Task(fragment, skip, count));
            wanted -= count;
            skip = 0;
        }
        return tasks;
    }
}
