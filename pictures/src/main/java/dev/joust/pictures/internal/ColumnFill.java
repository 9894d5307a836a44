// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CommitConflictException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.pictures.FillListener;
import dev.joust.pictures.FilledColumn;
import dev.joust.search.Table;

/// Gives rows values that they lack. Some fragments get a new file of those columns alone, in a version of its own, before
/// the next do; what was interrupted goes on where it was. Of a fragment of many rows, first some get theirs, then half as
/// many again as have: the file is written a few times, and little is lost. For one run.
final class ColumnFill {
    private static final int MAX_ATTEMPTS = 20;
    /// What takes longer is committed before it is complete.
    private static final long MIN_STEP_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Filling filling;
    /// Rows that get their values between two commits, at least.
    private final int stepRows;
    private final FillListener listener;
    private final long startNanos = System.nanoTime();
    /// What was counted of fragments, as they were then.
    private final Map<Long, Counted> counted = new HashMap<>();
    /// Rows for which there is nothing to make values of. They are not tried again in this run.
    private final Set<String> hopeless = new HashSet<>();
    private long filledCount;
    private long totalCount;

    ColumnFill(Filling filling, int stepRows, FillListener listener) {
        this.filling = filling;
        this.stepRows = stepRows;
        this.listener = listener;
    }

    /// @param missing rows that lack values and could get them
    /// @param present rows that have them
    private record Counted(Fragment fragment, int missing, int present) {}

    /// Some fragments, and how many of their rows lack values.
    private record Step(List<Long> fragmentIds, int rowCount) {}

    /// Fills it, on top of what others do meanwhile.
    FilledColumn run(Table table) throws IOException {
        try (ExecutorService readers = Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(),
                Thread.ofPlatform().name("joust-fill-", 0).daemon().factory())) {
            int conflicts = 0;
            while (true) {
                Dataset version = table.refresh().dataset();
                Optional<Step> step = next(version);
                if (step.isEmpty()) {
                    report();
                    return new FilledColumn(filledCount, hopeless.size(), version.version());
                }
                long before = filledCount;
                int hopelessBefore = hopeless.size();
                try {
                    List<Field> columns = filling.columns(version.schema());
                    Values values = new Values(columns, readers, step.get().rowCount());
                    List<String> names = columns.stream().map(Field::name).toList();
                    Dataset filled = version.evolution().fillColumns(
                            step.get().fragmentIds(), names, inputs(names), values::of);
                    table.adopt(filled);
                    conflicts = 0;
                } catch (CommitConflictException e) {
                    filledCount = before;
                    // Also where columns were changed, as by another column that is added: what is read anew tells
                    if (++conflicts > MAX_ATTEMPTS) {
                        throw e;
                    }
                    continue;
                }
                if (filledCount == before && hopeless.size() == hopelessBefore) {
                    throw new IllegalStateException("column '" + filling.mark() + "' is not filled, though rows lack values");
                }
            }
        }
    }

    private List<String> inputs(List<String> columns) {
        Set<String> inputs = new LinkedHashSet<>(List.of(PictureTable.ID, filling.source()));
        inputs.addAll(columns);
        return List.copyOf(inputs);
    }

    /// Fragments with rows that could get values, so many that it is worth a version.
    private Optional<Step> next(Dataset version) throws IOException {
        count(version);
        if (totalCount == 0) {
            totalCount = counted.values().stream().mapToLong(Counted::missing).sum();
        }
        List<Long> ids = new ArrayList<>();
        long rows = 0;
        int presentRows = 0;
        for (Fragment fragment : version.manifest().fragments()) {
            Counted counts = Objects.requireNonNull(counted.get(fragment.id()));
            if (counts.missing() == 0) {
                continue;
            }
            ids.add(fragment.id());
            rows += counts.missing();
            presentRows += counts.present();
            if (rows >= stepRows) {
                break;
            }
        }
        return ids.isEmpty()
                ? Optional.empty()
                : Optional.of(new Step(ids, (int) Math.min(rows, Math.max(stepRows, presentRows / 2))));
    }

    /// Counts what is not known yet, or was hopeless since.
    private void count(Dataset version) throws IOException {
        List<Fragment> changed = version.manifest().fragments().stream()
                .filter(fragment -> !counted.containsKey(fragment.id())
                        || !counted.get(fragment.id()).fragment().equals(fragment))
                .toList();
        if (changed.isEmpty()) {
            return;
        }
        Map<Long, int[]> counts = PictureTable.countMissing(
                version, changed.stream().map(Fragment::id).toList(), filling.mark(), filling.source(), hopeless);
        for (Fragment fragment : changed) {
            int[] found = counts.getOrDefault(fragment.id(), new int[2]);
            counted.put(fragment.id(), new Counted(fragment, found[0], found[1]));
        }
    }

    /// Computes the values of a step, batch by batch.
    private final class Values {
        private final List<Field> columns;
        private final ExecutorService readers;
        private final long endNanos;
        private int left;

        private Values(List<Field> columns, ExecutorService readers, int left) {
            this.columns = columns;
            this.readers = readers;
            this.left = left;
            long now = System.nanoTime();
            endNanos = now + Math.max(MIN_STEP_NANOS, (now - startNanos) / 2);
        }

        Batch of(Batch inputs, BufferSources memory) throws IOException {
            ColumnBuffers ids = inputs.column(PictureTable.ID);
            ColumnBuffers sources = inputs.column(filling.source());
            ColumnBuffers marks = inputs.column(filling.mark());
            List<@Nullable Object[]> values = new ArrayList<>(inputs.rowCount());
            List<Integer> wanted = new ArrayList<>();
            for (int row = 0; row < inputs.rowCount(); row++) {
                values.add(present(inputs, row));
                if (left > 0 && marks.isNull(row) && ColumnValues.get(ids, row) instanceof String id
                        && !sources.isNull(row) && !hopeless.contains(id)) {
                    wanted.add(row);
                    left--;
                }
            }
            int batchCount = filling.batchCount();
            for (int start = 0; start < wanted.size() && left >= 0; start += batchCount) {
                make(wanted.subList(start, Math.min(start + batchCount, wanted.size())), ids, sources, values);
                report();
                if (System.nanoTime() - endNanos > 0) {
                    left = -1;
                }
            }
            return ColumnBuilder.batch(new Schema(columns, Map.of()), values, memory);
        }

        private @Nullable Object[] present(Batch inputs, int row) throws IOException {
            @Nullable Object[] values = new @Nullable Object[columns.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = ColumnValues.get(inputs.column(columns.get(i).name()), row);
            }
            return values;
        }

        private void make(
                List<Integer> rows, ColumnBuffers ids, ColumnBuffers sources, List<@Nullable Object[]> values)
                throws IOException {
            List<Filling.Row> asked = rows.stream()
                    .map(row -> new Filling.Row(
                            Objects.toString(ColumnValues.get(ids, row)), Objects.toString(ColumnValues.get(sources, row))))
                    .toList();
            List<Map<String, Object>> made = filling.make(asked, readers);
            for (int i = 0; i < made.size(); i++) {
                if (made.get(i).containsKey(filling.mark())) {
                    filledCount++;
                } else {
                    hopeless.add(asked.get(i).id());
                }
                @Nullable Object[] row = values.get(rows.get(i));
                for (int column = 0; column < row.length; column++) {
                    if (row[column] == null) {
                        row[column] = made.get(i).get(columns.get(column).name());
                    }
                }
            }
        }
    }

    private void report() {
        listener.progress(
                Math.min(totalCount, filledCount + hopeless.size()), totalCount, (System.nanoTime() - startNanos) / 1e9);
    }
}
