// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.internal.batch.ColumnConcat;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.BlobHandling;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowAddress;
import dev.joust.io.Failures;

/// Reads single rows of a table, wherever they lie: fragments at the same time, the answer in the order asked.
public final class RowTake {
    private final TableContext table;
    private final Manifest manifest;
    private final RowColumns columns;
    private final BufferSources memory;
    private final Supplier<RowNumbers> rowNumbers;

    /// @param rowNumbers of the manifest; asked for only where rows are known by number, or numbers are wanted
    public RowTake(
            TableContext table,
            Manifest manifest,
            Supplier<RowNumbers> rowNumbers,
            List<String> columnNames,
            BlobHandling blobs,
            BufferSources memory) {
        this.table = table;
        this.manifest = manifest;
        this.columns = RowColumns.ofTake(ScanPlanner.readSchema(manifest, blobs), columnNames);
        this.rowNumbers = rowNumbers;
        this.memory = memory;
    }

    /// Addresses of rows given by their number among the live rows.
    ///
    /// @throws IllegalArgumentException for a position that is not in the table
    public long[] addressesOf(long[] positions) throws IOException {
        RowNumbers numbers = rowNumbers.get();
        if (table.store().isRemote() && table.session().metadataCache().isEnabled()) {
            openFragments(numbers, positions);
        }
        long[] addresses = new long[positions.length];
        for (int i = 0; i < positions.length; i++) {
            int index = numbers.fragmentIndexOf(positions[i]);
            Fragment fragment = manifest.fragments().get(index);
            DeletionVector deletions = table.deletions(manifest, fragment);
            long row = positions[i] - numbers.firstRow(index);
            long offset = deletions.isEmpty() ? row : deletions.offsetOfLiveRow(row);
            addresses[i] = RowAddress.of(fragment.id(), (int) offset);
        }
        return addresses;
    }

    /// Where rows are deleted: reads which, and opens the files on the way, of all fragments in one round. The session
    /// remembers them.
    private void openFragments(RowNumbers numbers, long[] positions) throws IOException {
        List<Fragment> fragments = Arrays.stream(positions)
                .mapToInt(numbers::fragmentIndexOf)
                .distinct()
                .mapToObj(manifest.fragments()::get)
                .toList();
        if (fragments.stream().anyMatch(fragment -> fragment.deletionFile() != null)) {
            Parallel.map(table.session(), fragments, fragments.size(), fragment -> {
                try (FragmentReader reader = new FragmentReader(table, manifest, fragment, memory)) {
                    reader.open(columns.fields());
                    return fragment;
                }
            });
        }
    }

    /// The rows, in the order asked; duplicates are answered as often as asked.
    ///
    /// @throws IllegalArgumentException for an address where no live row is
    public Batch take(long[] rowAddresses) throws IOException {
        Map<Long, List<Integer>> indicesByFragment = new LinkedHashMap<>();
        for (int i = 0; i < rowAddresses.length; i++) {
            long fragment = Integer.toUnsignedLong(RowAddress.fragmentId(rowAddresses[i]));
            indicesByFragment.computeIfAbsent(fragment, _ -> new ArrayList<>()).add(i);
        }
        Schema schema = columns.schema(manifest.schema().metadata());
        if (indicesByFragment.isEmpty()) {
            BufferSource none = memory.open();
            List<ColumnBuffers> empty = schema.fields().stream()
                    .map(field -> Columns.allNull(field, 0, none))
                    .toList();
            return new Batch(schema, 0, empty, none);
        }
        List<Batch> batches = new ArrayList<>();
        try {
            int[] order = new int[rowAddresses.length];
            int next = 0;
            List<Future<Batch>> futures = new ArrayList<>();
            boolean isSingle = indicesByFragment.size() == 1;
            for (Map.Entry<Long, List<Integer>> entry : indicesByFragment.entrySet()) {
                long[] offsets = new long[entry.getValue().size()];
                for (int i = 0; i < offsets.length; i++) {
                    int index = entry.getValue().get(i);
                    offsets[i] = Integer.toUnsignedLong(RowAddress.rowOffset(rowAddresses[index]));
                    order[index] = next++;
                }
                Fragment fragment = manifest.fragment(entry.getKey())
                        .orElseThrow(() -> new IllegalArgumentException(
                                "no fragment " + entry.getKey() + " in version " + manifest.version()));
                if (isSingle) {
                    return takeOfFragment(schema, fragment, offsets);
                }
                futures.add(table.session().ioExecutor().submit(() -> takeOfFragment(schema, fragment, offsets)));
            }
            await(futures, batches);
            return merge(schema, batches, order);
        } finally {
            batches.forEach(Batch::close);
        }
    }

    private Batch takeOfFragment(Schema schema, Fragment fragment, long[] offsets) throws IOException {
        try (FragmentReader reader = new FragmentReader(table, manifest, fragment, memory)) {
            reader.open(columns.fields());
            DeletionVector deletions = reader.deletions();
            for (long offset : offsets) {
                if (offset >= fragment.physicalRowCount() || deletions.isDeleted((int) offset)) {
                    throw new IllegalArgumentException("no row at "
                            + RowAddress.toString(RowAddress.of(fragment.id(), (int) offset)) + " in version "
                            + manifest.version());
                }
            }
            Batch batch = reader.take(columns.fields(), offsets);
            try {
                long firstRow = columns.has(RowColumn.OFFSET) ? rowNumbers.get().firstRowOf(fragment) : 0;
                RowValues values = new RowValues(reader, columns.rowColumns(), firstRow);
                return columns.complete(batch, schema, () -> offsets, values);
            } catch (IOException | RuntimeException | Error e) {
                batch.close();
                throw e;
            }
        }
    }

    /// Adds what they answer, in their order; all have ended when this returns or throws.
    static void await(List<Future<Batch>> futures, List<Batch> batches) throws IOException {
        Throwable failure = null;
        boolean interrupted = false;
        for (Future<Batch> future : futures) {
            while (true) {
                try {
                    batches.add(future.get());
                } catch (ExecutionException e) {
                    failure = e.getCause();
                } catch (InterruptedException e) {
                    // Every batch has to be collected to be closed, so the wait goes on.
                    interrupted = true;
                    continue;
                }
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while rows were read");
        }
        Failures.rethrow(failure);
    }

    private Batch merge(Schema schema, List<Batch> batches, int[] order) {
        BufferSource target = memory.open();
        try (BufferSource between = memory.open()) {
            List<ColumnBuffers> merged = new ArrayList<>();
            for (int i = 0; i < schema.fields().size(); i++) {
                int index = i;
                ColumnBuffers all = ColumnConcat.concat(
                        batches.stream().map(batch -> batch.columns().get(index)).toList(), between);
                merged.add(Columns.take(all, order, target));
            }
            return new Batch(schema, order.length, merged, target);
        } catch (RuntimeException | Error e) {
            target.close();
            throw e;
        }
    }
}
