// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.CommitConflictException;
import dev.joust.format.commit.IndexSegments;
import dev.joust.format.commit.Operation;
import dev.joust.format.index.VectorIndexDetails;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.CompactionOptions;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.IndexRemapper;
import dev.joust.index.DistanceType;
import dev.joust.index.IndexBuildOptions;
import dev.joust.index.IndexOptimization;
import dev.joust.index.VectorColumn;
import dev.joust.index.VectorIndex;
import dev.joust.index.VectorIndexBuilder;
import dev.joust.index.VectorIndexKind;
import dev.joust.index.VectorIndexOptimizer;
import dev.joust.index.VectorIndexRemapper;
import dev.joust.index.VectorIndexSpec;
import dev.joust.search.internal.exec.RecallSweep;
import dev.joust.search.internal.exec.VectorIndices;

/// Creates, lists and drops the indices of a version of a table; each change makes the next version (spec: index format
/// A.3). What {@link Table} offers is done so.
public final class Indices {
    private static final String DETAILS = "IndexDetails";
    private static final int MOST_ATTEMPTS = 5;

    private Indices() {}

    /// Builds an index of a column of vectors, whatever rows there are, and commits it.
    ///
    /// @param column  by name or path (see {@link VectorColumn#of(dev.joust.format.schema.Schema, String)})
    /// @param name    null for `<column>_idx`, or with a number behind where that is another's
    /// @param replace whether an index of that name, of the same column, is replaced
    /// @throws IllegalArgumentException if the column does not fit, or the name is taken
    public static Dataset create(
            Dataset dataset, String column, VectorIndexSpec<?> spec, @Nullable String name, boolean replace) throws IOException {
        return create(dataset, column, spec, name, replace, IndexBuildOptions.DEFAULT);
    }

    /// As the other, with a listener, a way to cancel, or less memory. A build that fails or is cancelled leaves nothing.
    public static Dataset create(
            Dataset dataset,
            String column,
            VectorIndexSpec<?> spec,
            @Nullable String name,
            boolean replace,
            IndexBuildOptions options)
            throws IOException {
        VectorColumn vectors = VectorColumn.of(dataset.schema(), column);
        String type = spec.parameters().kind().name();
        String chosen = name == null ? freeName(dataset, vectors, type) : name;
        List<IndexMetadata> replaced = replaced(dataset, chosen, List.of(vectors.field().id()), replace);
        VectorIndexBuilder builder = new VectorIndexBuilder(dataset, vectors, spec.parameters(), options);
        IndexMetadata built = builder.build(chosen);
        return committed(dataset, List.of(built), replaced);
    }

    /// Commits segments that were built for one index, here or on other machines: they are all of it, or with `replace`
    /// take the place of an index of that name.
    ///
    /// @param name     of the index
    /// @param segments of different fragments; what they are called does not matter
    /// @throws IllegalArgumentException if there is an index of that name, or segments are of different columns or cover one
    ///     fragment twice
    public static Dataset commit(Dataset dataset, String name, List<IndexMetadata> segments, boolean replace) throws IOException {
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("no segments for index '" + name + "'");
        }
        RoaringBitmap covered = new RoaringBitmap();
        List<IndexMetadata> renamed = new ArrayList<>();
        for (IndexMetadata segment : segments) {
            RoaringBitmap fragments = IndexSegments.fragmentsOf(segment);
            if (fragments == null || RoaringBitmap.intersects(covered, fragments)) {
                throw new IllegalArgumentException("segment " + segment.uuid() + " covers what another one covers, or does not say what");
            }
            if (!segment.fieldIds().equals(segments.getFirst().fieldIds())) {
                throw new IllegalArgumentException("segment " + segment.uuid() + " is of another column");
            }
            covered.or(fragments);
            renamed.add(segment.withName(name));
        }
        List<IndexMetadata> replaced = replaced(dataset, name, segments.getFirst().fieldIds(), replace);
        return dataset.commit(new Operation.CreateIndex(renamed, replaced, Bytes.EMPTY));
    }

    /// The segments that go when an index of that name comes.
    private static List<IndexMetadata> replaced(Dataset dataset, String name, List<Integer> fieldIds, boolean replace) {
        List<IndexMetadata> present = named(dataset, name);
        if (present.stream().anyMatch(other -> !other.fieldIds().equals(fieldIds))) {
            throw new IllegalArgumentException("index '" + name + "' is of another column, choose another name");
        }
        if (!present.isEmpty() && !replace) {
            throw new IllegalArgumentException(
                    "index '" + name + "' exists already: replace it, or choose another name");
        }
        return present;
    }

    /// Commits what was just built, or deletes its files if others were in the way.
    private static Dataset committed(Dataset dataset, List<IndexMetadata> added, List<IndexMetadata> removed) throws IOException {
        try {
            return dataset.commit(new Operation.CreateIndex(added, removed, Bytes.EMPTY));
        } catch (CommitConflictException e) {
            VectorIndexBuilder.discard(dataset, added);
            throw e;
        }
    }

    /// What came of bringing indices up to date.
    ///
    /// @param dataset    the version after it; the same if nothing changed
    /// @param optimized names of the indices that changed
    public record Optimized(Dataset dataset, List<String> optimized) {
        public Optimized {
            optimized = List.copyOf(optimized);
        }
    }

    /// Brings vector indices up to date with the version: rows that no segment covers become part of one, and segments are
    /// merged as the options say; definitions are trained. Each index that changes makes a version. Where others change the
    /// same index meanwhile, it is done again on top of that. Indices of other kinds stay as they are.
    ///
    /// @param names of the indices; empty means all
    /// @throws IllegalArgumentException if there is no such index, or it is of another kind
    /// @throws CommitConflictException  if others were in the way again and again
    public static Optimized optimize(Dataset dataset, List<String> names, IndexOptimization options) throws IOException {
        for (String name : names) {
            if (!VectorIndexDetails.isVectorIndex(existing(dataset, name).getFirst().detailsTypeUrl())) {
                throw new IllegalArgumentException("index '" + name + "' is no index of vectors");
            }
        }
        List<String> chosen = names.isEmpty() ? vectorIndices(dataset) : names;
        List<String> optimized = new ArrayList<>();
        Dataset version = dataset;
        for (String name : chosen) {
            Dataset after = optimize(version, name, options);
            if (after.version() != version.version()) {
                optimized.add(name);
            }
            version = after;
        }
        return new Optimized(version, optimized);
    }

    private static List<String> vectorIndices(Dataset dataset) {
        return dataset.manifest().indices().stream()
                .filter(index -> VectorIndexDetails.isVectorIndex(index.detailsTypeUrl()))
                .map(IndexMetadata::name)
                .distinct()
                .toList();
    }

    private static Dataset optimize(Dataset dataset, String name, IndexOptimization options) throws IOException {
        Dataset version = dataset;
        for (int attempt = 1; ; attempt++) {
            Optional<VectorIndexOptimizer.Change> change = optimizer(version, name, options).run();
            if (change.isEmpty()) {
                return version;
            }
            try {
                return committed(version, List.of(change.get().added()), change.get().removed());
            } catch (CommitConflictException e) {
                if (!e.retryable() || attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
            version = version.refresh();
            if (named(version, name).isEmpty()) {
                return version; // dropped meanwhile
            }
        }
    }

    /// What brings one index up to date. For those who commit it themselves.
    ///
    /// @throws IllegalArgumentException if there is no such index
    public static VectorIndexOptimizer optimizer(Dataset version, String name, IndexOptimization options) {
        List<IndexMetadata> segments = existing(version, name);
        return new VectorIndexOptimizer(version, columnOf(version, name, segments), segments, options);
    }

    /// `<column>_idx`; with a number behind where that is an index of something else, or of another kind.
    private static String freeName(Dataset dataset, VectorColumn column, String type) {
        String path = column.name();
        String name = path + "_idx";
        for (int number = 2; ; number++) {
            List<IndexMetadata> others = named(dataset, name);
            if (others.isEmpty()
                    || (others.getFirst().fieldIds().equals(List.of(column.field().id()))
                            && typeOf(others.getFirst()).equals(type))) {
                return name;
            }
            name = path + "_idx_" + number;
        }
    }

    private static List<IndexMetadata> named(Dataset dataset, String name) {
        return dataset.manifest().indices().stream()
                .filter(index -> index.name().equals(name))
                .toList();
    }

    /// The same options, with what moves vector indices along with rows.
    public static CompactionOptions remapped(CompactionOptions options) {
        List<IndexRemapper> remappers = new ArrayList<>(options.indexRemappers());
        remappers.add(new VectorIndexRemapper());
        return options.withIndexRemappers(remappers);
    }

    /// Drops an index. Its files stay until they are cleaned up.
    ///
    /// @throws IllegalArgumentException if there is no such index
    public static Dataset drop(Dataset dataset, String name) throws IOException {
        return dataset.commit(new Operation.CreateIndex(List.of(), existing(dataset, name), Bytes.EMPTY));
    }

    private static List<IndexMetadata> existing(Dataset dataset, String name) {
        List<IndexMetadata> segments = named(dataset, name);
        if (segments.isEmpty() || segments.getFirst().isSystem()) {
            throw new IllegalArgumentException("no index '" + name + "'; there are "
                    + list(dataset).stream().map(IndexInfo::name).toList());
        }
        return segments;
    }

    /// All indices, in the order of the manifest.
    public static List<IndexInfo> list(Dataset dataset) {
        return list(dataset, segment -> !segment.isSystem());
    }

    /// Those of vectors among them.
    public static List<IndexInfo> listVectorIndices(Dataset dataset) {
        return list(dataset, segment -> VectorIndexDetails.isVectorIndex(segment.detailsTypeUrl()));
    }

    private static List<IndexInfo> list(Dataset dataset, Predicate<IndexMetadata> wanted) {
        Map<String, List<IndexMetadata>> byName = new LinkedHashMap<>();
        for (IndexMetadata index : dataset.manifest().indices()) {
            if (wanted.test(index)) {
                byName.computeIfAbsent(index.name(), _ -> new ArrayList<>()).add(index);
            }
        }
        return byName.values().stream().map(segments -> info(dataset, segments)).toList();
    }

    private static IndexInfo info(Dataset dataset, List<IndexMetadata> segments) {
        RoaringBitmap covered = new RoaringBitmap();
        long sizeBytes = 0;
        for (IndexMetadata segment : segments) {
            RoaringBitmap fragments = IndexSegments.fragmentsOf(segment);
            if (fragments != null) {
                covered.or(fragments);
            }
            sizeBytes += segment.files().stream().mapToLong(IndexMetadata.IndexFile::sizeBytes).sum();
        }
        long coveredRows = 0;
        long uncoveredRows = 0;
        for (Fragment fragment : dataset.manifest().fragments()) {
            if (covered.contains((int) fragment.id())) {
                coveredRows += fragment.liveRowCount();
            } else {
                uncoveredRows += fragment.liveRowCount();
            }
        }
        IndexMetadata first = segments.getFirst();
        List<String> columns = first.fieldIds().stream().map(id -> pathOf(dataset, id)).toList();
        return new IndexInfo(
                first.name(), typeOf(first), columns, segments.size(), coveredRows, uncoveredRows, sizeBytes);
    }

    private static String pathOf(Dataset dataset, int fieldId) {
        return dataset.schema().fields().stream()
                .map(field -> pathOf(field, fieldId, ""))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("field " + fieldId);
    }

    private static Optional<String> pathOf(Field field, int fieldId, String above) {
        String path = above + Schema.pathPart(field.name());
        return field.id() == fieldId
                ? Optional.of(path)
                : field.children().stream()
                        .map(child -> pathOf(child, fieldId, path + "."))
                        .flatMap(Optional::stream)
                        .findFirst();
    }

    /// As listings name the kind: `IVF_PQ`, `BTree`.
    private static String typeOf(IndexMetadata index) {
        String url = index.detailsTypeUrl();
        if (url == null) {
            return "Unknown";
        }
        if (VectorIndexDetails.isVectorIndex(url)) {
            try {
                return VectorIndexDetails.parse(index.details()).kind();
            } catch (IllegalArgumentException e) {
                return "Vector";
            }
        }
        String message = url.substring(Math.max(url.lastIndexOf('.'), url.lastIndexOf('/')) + 1);
        return message.toLowerCase(Locale.ROOT).endsWith(DETAILS.toLowerCase(Locale.ROOT))
                ? message.substring(0, message.length() - DETAILS.length())
                : message;
    }

    /// What an index's files say. Two requests for each segment of vectors that the session does not remember.
    ///
    /// @throws IllegalArgumentException if there is no such index
    public static IndexStats stats(Dataset dataset, String name) throws IOException {
        List<IndexMetadata> segments = existing(dataset, name);
        List<IndexStats.Segment> stats = new ArrayList<>();
        for (IndexMetadata segment : segments) {
            RoaringBitmap covered = IndexSegments.fragmentsOf(segment);
            if (!VectorIndexDetails.isVectorIndex(segment.detailsTypeUrl()) || (covered != null && covered.isEmpty())) {
                continue;
            }
            // of a kind that is not read here, what the manifest says remains
            VectorIndex index = VectorIndices.of(dataset.session()).opened(dataset, segment, new ArrayList<>());
            if (index != null) {
                stats.add(stats(index, segment));
            }
        }
        return new IndexStats(info(dataset, segments), stats);
    }

    /// Looks for the neighbours of some rows by an index and exactly, for more and more partitions and wider and wider
    /// searches in graphs.
    ///
    /// @param samples rows that are drawn; those without a vector are drawn again
    /// @param k       rows looked for
    /// @throws IllegalArgumentException if there is no such index of vectors, or it covers nothing, or is not the one that
    ///     searches of its column use
    public static IndexRecall recall(Dataset dataset, String name, int samples, int k) throws IOException {
        if (samples < 1 || k < 1) {
            throw new IllegalArgumentException(samples + " samples, " + k + " rows");
        }
        List<IndexMetadata> segments = existing(dataset, name);
        IndexStats stats = stats(dataset, name);
        if (stats.segments().isEmpty()) {
            throw new IllegalArgumentException("index '" + name + "' covers nothing that could be looked for by its vectors");
        }
        VectorColumn column = columnOf(dataset, name, segments);
        DistanceType metric = DistanceType.fromCode(stats.segments().getFirst().metric());
        NearestRows rows = NearestRows.of(dataset, column);
        VectorQuery any = VectorQuery.of(new float[stats.segments().getFirst().dimension()], 1).withMetric(metric);
        if (rows.explain(any).stream().noneMatch(line -> line.startsWith("index '" + name + "'"))) {
            throw new IllegalArgumentException("searches of column '" + column.name() + "' do not use index '" + name + "'");
        }
        RecallSweep sweep = new RecallSweep(dataset, column, metric, k);
        int drawn = sweep.draw(samples, 1);
        int partitions = stats.segments().stream()
                .mapToInt(segment -> segment.partitionSizes().size())
                .max()
                .orElse(1);
        return new IndexRecall(
                stats.index(),
                metric.code(),
                drawn,
                k,
                drawn == 0 ? 0 : sweep.exactMillis(),
                sweep.sweep(VectorIndexKind.fromName(stats.index().type()), partitions));
    }

    private static VectorColumn columnOf(Dataset version, String name, List<IndexMetadata> segments) {
        return VectorColumn.of(version.schema(), segments.getFirst().fieldIds().getFirst())
                .orElseThrow(() -> new IllegalArgumentException("index '" + name + "' is of no column of vectors that there is"));
    }

    private static IndexStats.Segment stats(VectorIndex index, IndexMetadata segment) {
        int[] sizes = index.partitionSizes();
        int largest = Arrays.stream(sizes).max().orElse(0);
        double mean = (double) index.rowCount() / Math.max(1, sizes.length);
        return new IndexStats.Segment(
                segment.uuid(),
                index.metric().code(),
                index.dimension(),
                Arrays.stream(sizes).boxed().toList(),
                mean == 0 ? 1 : largest / mean,
                index.loss());
    }
}
