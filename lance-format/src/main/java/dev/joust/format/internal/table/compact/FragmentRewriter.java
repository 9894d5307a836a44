// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.compact;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.internal.blob.WritableRows;
import dev.joust.format.internal.table.FragmentWriter;
import dev.joust.format.internal.table.ScanPlanner;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.BlobHandling;
import dev.joust.format.table.CompactionMetrics;
import dev.joust.format.table.CompactionOptions;
import dev.joust.format.table.CompactionPlan;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.ScanOptions;
import dev.joust.format.table.WriteOptions;

/// Does one task of a compaction: writes the live rows of some fragments, in order, to new ones. Thread-safe.
///
/// @param manifest     of the version that the plan was made from
/// @param writeOptions of the table, for what {@link CompactionOptions} do not say
/// @param batchBytes   bytes read at once, about
public record FragmentRewriter(
        TableContext table,
        Manifest manifest,
        FileVersion version,
        CompactionOptions options,
        WriteOptions writeOptions,
        long batchBytes,
        BufferSources memory) {
    /// Rows of a batch that holds the bytes of blobs, which may be large.
    private static final int BLOB_BATCH_ROWS = 8;

    /// Reads no other fragments than those of the task.
    ///
    /// @throws IllegalArgumentException if the version has no such fragments
    public CompactionPlan.Result rewrite(CompactionPlan.Task task) throws IOException {
        for (Fragment fragment : task.fragments()) {
            if (!fragment.equals(manifest.fragment(fragment.id()).orElse(null))) {
                throw new IllegalArgumentException("fragment " + fragment.id() + " of the task is not that of version "
                        + manifest.version());
            }
        }
        List<Fragment> written = task.liveRowCount() == 0 ? List.of() : write(task);
        if (manifest.hasStableRowIds()) {
            written = new Lineage(table, manifest).carriedOver(task.fragments(), written);
        }
        return new CompactionPlan.Result(manifest.version(), task.fragments(), written, metrics(task, written));
    }

    private List<Fragment> write(CompactionPlan.Task task) throws IOException {
        Schema schema = manifest.schema();
        boolean hasBlobs = schema.preOrder().stream().anyMatch(BlobFields::isBlob);
        ScanOptions scan = ScanOptions.ALL
                .withFragments(task.fragments().stream().map(Fragment::id).toList())
                .withBlobs(BlobHandling.BYTES)
                .withBatchBytes(batchBytes)
                .withBatchRowCount(hasBlobs ? Math.min(options.batchRowCount(), BLOB_BATCH_ROWS) : options.batchRowCount());
        WriteOptions files = writeOptions
                .withMaxBytesPerFile(options.maxBytesPerFile())
                .withExternalBlobs(true);
        try (BatchReader rows = WritableRows.of(ScanPlanner.plan(table, manifest, scan, memory), schema)) {
            long fileCount = Math.max(1, task.liveRowCount() / options.targetRowsPerFragment());
            long baseRows = task.liveRowCount() / fileCount;
            long largerFiles = task.liveRowCount() % fileCount;
            // Evenly: a last one with what is left would be small, and written anew the next time.
            return new FragmentWriter(table, version, files)
                    .write(schema, rows, file -> file < largerFiles ? baseRows + 1 : baseRows);
        }
    }

    private static CompactionMetrics metrics(CompactionPlan.Task task, List<Fragment> written) {
        int filesRemoved = 0;
        for (Fragment old : task.fragments()) {
            filesRemoved += old.files().size() + (old.deletionFile() == null ? 0 : 1);
        }
        int filesAdded = 0;
        for (Fragment fragment : written) {
            filesAdded += fragment.files().size();
        }
        return new CompactionMetrics(task.fragments().size(), written.size(), filesRemoved, filesAdded);
    }

    /// The results of several tasks together.
    static CompactionMetrics sum(List<CompactionPlan.Result> results) {
        CompactionMetrics sum = CompactionMetrics.NONE;
        for (CompactionPlan.Result result : new ArrayList<>(results)) {
            sum = sum.plus(result.metrics());
        }
        return sum;
    }
}
