// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.ClipModel;
import dev.joust.embed.PreparedPicture;
import dev.joust.embed.SentenceModel;
import dev.joust.embed.TextModel;
import dev.joust.embed.image.PictureException;
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

/// Gives rows that have none a vector in a further column. Some fragments get a new file of that column alone, in a
/// version of its own, before the next do; what was interrupted goes on where it was. Of a fragment of many rows, first some
/// get theirs, then half as many again as have: the file is written a few times, and little is lost. For one run.
final class ColumnFill {
    private static final int MAX_ATTEMPTS = 20;
    private final ColumnModels models;
    private final PictureFiles files;
    private final String column;
    private final TextModel model;
    /// Rows that get their vector between two commits, at least.
    private final int stepRows;
    private final FillListener listener;
    private final long startNanos = System.nanoTime();
    /// What was counted of fragments, as they were then.
    private final Map<Long, Counted> counted = new HashMap<>();
    /// Rows for which there is nothing to make a vector of. They are not tried again in this run.
    private final Set<String> hopeless = new HashSet<>();
    private long filledCount;
    private long totalCount;

    ColumnFill(ColumnModels models, PictureFiles files, String column, int stepRows, FillListener listener) {
        this.models = models;
        this.files = files;
        this.column = column;
        this.stepRows = stepRows;
        this.listener = listener;
        model = models.of(column).orElseThrow(
                () -> new IllegalArgumentException("no model is open for column '" + column + "'"));
    }

    /// @param missing rows that lack a vector and could get one
    /// @param present rows that have one
    private record Counted(Fragment fragment, int missing, int present) {}

    /// Some fragments, and how many of their rows lack a vector.
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
                    Values values = new Values(readers, step.get().rowCount());
                    Dataset filled = version.evolution().fillColumns(
                            step.get().fragmentIds(), List.of(column), inputs(), values::of);
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
                    throw new IllegalStateException("column '" + column + "' is not filled, though rows lack vectors");
                }
            }
        }
    }

    private List<String> inputs() {
        return List.of(PictureTable.ID, sourceColumn(), column);
    }

    private String sourceColumn() {
        return model instanceof SentenceModel ? MetadataColumns.CAPTION : PictureTable.PATH;
    }

    /// Fragments with rows that could get a vector, so many that it is worth a version.
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
                version, changed.stream().map(Fragment::id).toList(), column, sourceColumn(), hopeless);
        for (Fragment fragment : changed) {
            int[] found = counts.getOrDefault(fragment.id(), new int[2]);
            counted.put(fragment.id(), new Counted(fragment, found[0], found[1]));
        }
    }

    /// Computes the values of a step, batch by batch.
    private final class Values {
        private final ExecutorService readers;
        private int left;

        private Values(ExecutorService readers, int left) {
            this.readers = readers;
            this.left = left;
        }

        Batch of(Batch inputs, BufferSources memory) throws IOException {
            ColumnBuffers ids = inputs.column(PictureTable.ID);
            ColumnBuffers sources = inputs.column(sourceColumn());
            ColumnBuffers present = inputs.column(column);
            float @Nullable [][] vectors = new float[inputs.rowCount()][];
            List<Integer> wanted = new ArrayList<>();
            for (int row = 0; row < vectors.length; row++) {
                if (ColumnValues.get(present, row) instanceof float[] vector) {
                    vectors[row] = vector;
                } else if (left > 0 && ColumnValues.get(ids, row) instanceof String id && !sources.isNull(row)
                        && !hopeless.contains(id)) {
                    wanted.add(row);
                    left--;
                }
            }
            int batchCount = models.main().pictureBatchCount();
            for (int start = 0; start < wanted.size(); start += batchCount) {
                List<Integer> rows = wanted.subList(start, Math.min(start + batchCount, wanted.size()));
                embed(rows, ids, sources, vectors);
                report();
            }
            List<Object[]> values = new ArrayList<>(vectors.length);
            for (float @Nullable [] vector : vectors) {
                values.add(new @Nullable Object[] {vector});
            }
            Field field = PictureTable.vectorField(column, model.dimension());
            return ColumnBuilder.batch(new Schema(List.of(field), Map.of()), values, memory);
        }

        private void embed(List<Integer> rows, ColumnBuffers ids, ColumnBuffers sources, float @Nullable [][] vectors)
                throws IOException {
            List<Integer> ready = new ArrayList<>();
            List<float[]> made = switch (model) {
                case SentenceModel _ -> {
                    ready.addAll(rows);
                    yield models.embedCaptions(column, rows.stream()
                            .map(row -> Objects.toString(ColumnValues.get(sources, row)))
                            .toList());
                }
                case ClipModel clip -> clip.embedPrepared(prepared(clip, rows, ids, ready));
            };
            for (int i = 0; i < ready.size(); i++) {
                vectors[ready.get(i)] = made.get(i);
            }
            filledCount += ready.size();
        }

        /// @param ready gets the rows whose picture can be read
        private List<PreparedPicture> prepared(
                ClipModel clip, List<Integer> rows, ColumnBuffers ids, List<Integer> ready) throws IOException {
            List<Future<Optional<PreparedPicture>>> pictures = new ArrayList<>();
            for (int row : rows) {
                String id = Objects.toString(ColumnValues.get(ids, row));
                pictures.add(readers.submit(() -> prepare(clip, id)));
            }
            List<PreparedPicture> prepared = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                Optional<PreparedPicture> picture = result(pictures.get(i));
                if (picture.isPresent()) {
                    ready.add(rows.get(i));
                    prepared.add(picture.get());
                } else {
                    hopeless.add(Objects.toString(ColumnValues.get(ids, rows.get(i))));
                }
            }
            return prepared;
        }
    }

    private Optional<PreparedPicture> prepare(ClipModel clip, String id) throws IOException {
        Optional<PictureName> name = PictureName.ofId(id);
        Optional<byte[]> encoded = name.isEmpty() ? Optional.empty() : files.read(name.get());
        try {
            return encoded.map(bytes -> clip.decoder().decode(bytes, decoded -> clip.prepare(decoded.pixels())));
        } catch (PictureException e) {
            return Optional.empty();
        }
    }

    private static <T> T result(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a column was filled");
        }
    }

    private void report() {
        listener.progress(
                Math.min(totalCount, filledCount + hopeless.size()), totalCount, (System.nanoTime() - startNanos) / 1e9);
    }
}
