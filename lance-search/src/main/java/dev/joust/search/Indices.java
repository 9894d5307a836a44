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

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.commit.IndexSegments;
import dev.joust.format.commit.Operation;
import dev.joust.format.index.VectorIndexDetails;
import dev.joust.format.schema.Field;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.index.IndexDirectory;
import dev.joust.index.VectorColumn;
import dev.joust.index.VectorIndex;
import dev.joust.index.VectorIndexBuilder;
import dev.joust.index.VectorIndexSpec;

/// Creates, lists and drops the indices of a version of a table; each change makes the next version (spec: index format
/// A.3). What {@link Table} offers is done so.
public final class Indices {
    private static final String DETAILS = "IndexDetails";

    private Indices() {}

    /// Builds an index of a column of vectors, whatever rows there are, and commits it.
    ///
    /// @param column  by name or path (see {@link VectorColumn#of(dev.joust.format.schema.Schema, String)})
    /// @param name    null for `<column>_idx`, or with a number behind where that is another's
    /// @param replace whether an index of that name, of the same column, is replaced
    /// @throws IllegalArgumentException if the column does not fit, or the name is taken
    public static Dataset create(
            Dataset dataset, String column, VectorIndexSpec<?> spec, @Nullable String name, boolean replace) throws IOException {
        VectorColumn vectors = VectorColumn.of(dataset.schema(), column);
        Field field = vectors.field();
        String type = spec.parameters().kind().name();
        String chosen = name == null ? freeName(dataset, vectors, type) : name;
        List<IndexMetadata> replaced = named(dataset, chosen);
        for (IndexMetadata other : replaced) {
            if (!other.fieldIds().equals(List.of(field.id()))) {
                throw new IllegalArgumentException(
                        "index '" + chosen + "' is of another column, choose another name");
            }
        }
        if (!replaced.isEmpty() && !replace) {
            throw new IllegalArgumentException(
                    "index '" + chosen + "' exists already: replace it, or choose another name");
        }
        IndexMetadata built = new VectorIndexBuilder(dataset, vectors, spec.parameters()).build(chosen);
        return dataset.commit(new Operation.CreateIndex(List.of(built), replaced, Bytes.EMPTY));
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
        Map<String, List<IndexMetadata>> byName = new LinkedHashMap<>();
        for (IndexMetadata index : dataset.manifest().indices()) {
            if (!index.isSystem()) {
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
        String path = above + (field.name().contains(".") ? "`" + field.name() + "`" : field.name());
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
            try {
                stats.add(stats(VectorIndex.open(
                        IndexDirectory.of(dataset.session(), dataset.indexFolder(segment), segment)), segment));
            } catch (UnsupportedFormatException e) {
                // a kind that is not read here: what the manifest says remains
            }
        }
        return new IndexStats(info(dataset, segments), stats);
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
