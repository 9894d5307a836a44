// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.ClipModel;
import dev.joust.index.DistanceType;
import dev.joust.pictures.NoSuchPictureException;
import dev.joust.pictures.Picture;
import dev.joust.pictures.PictureHit;
import dev.joust.pictures.PicturePage;
import dev.joust.pictures.PictureQuery;
import dev.joust.pictures.PictureResults;
import dev.joust.search.Query;
import dev.joust.search.Table;

/// Answers queries. Thread-safe.
public final class PictureSearch {
    private static final int DEFAULT_REFINE = 2;
    private static final int LEAST_PROBES = 20;
    private static final int LEAST_EF = 100;
    private static final int EF_FACTOR = 3;

    private final ColumnModels models;
    private final AnswerCache answers;

    /// @param cacheBytes of answers that are kept
    public PictureSearch(ColumnModels models, long cacheBytes) {
        this.models = models;
        answers = new AnswerCache(cacheBytes);
    }

    /// The pictures nearest to what the query names.
    ///
    /// @param latest the table at its newest version, empty where there is none
    public PictureResults search(Optional<Table> latest, PictureQuery query) {
        if (query.targets().isEmpty()) {
            throw new IllegalArgumentException("nothing to search for: no words, no picture");
        }
        Optional<Table> found = TableVersions.of(latest, query);
        if (found.isEmpty()) {
            given(query); // what is wrong with it is wrong without a table, too
            return new PictureResults(0, List.of());
        }
        // Others may go on to a newer version meanwhile; the answer is of this one
        Table table = found.get().frozen();
        return answers.get(table, query, () -> searched(table, query));
    }

    private PictureResults searched(Table table, PictureQuery query) {
        checkColumn(table, query.column());
        Set<String> named = new HashSet<>();
        float[] vector = UnitVectors.ofDirection(withStored(given(query), table, query, named))
                .orElseThrow(() -> new IllegalArgumentException(
                        "what is looked for and what is kept away from are the same"));
        int depth = query.offset() + query.k() + named.size();
        Query search = table.search(vector)
                .column(query.column())
                .metric(DistanceType.L2)
                .select(PictureTable.describingColumns(table.schema()))
                .limit(depth);
        List<PictureHit> hits = conditions(effort(search, query.effort(), depth), query).hits().stream()
                .map(PictureTable::hit)
                .filter(hit -> !named.contains(hit.id()))
                .skip(query.offset())
                .limit(query.k())
                .toList();
        return new PictureResults(table.version(), hits);
    }

    /// What is not said is so much that a search by an index finds, of ten that are nearest, nine and a half or more.
    private static Query effort(Query search, PictureQuery.Effort effort, int depth) {
        if (effort.exact()) {
            return search.noIndex();
        }
        Query refined = search.refine(effort.refine() > 0 ? effort.refine() : DEFAULT_REFINE)
                .ef(Math.max(LEAST_EF, EF_FACTOR * depth));
        return effort.probes() > 0 ? refined.nprobes(effort.probes()) : refined.nprobes(LEAST_PROBES, 0);
    }

    private static Query conditions(Query search, PictureQuery query) {
        Query limited = search;
        for (PictureQuery.Condition condition : query.conditions()) {
            limited = limited.where(condition.text(), condition.parameters().toArray());
        }
        return limited;
    }

    private static void checkColumn(Table table, String column) {
        if (table.schema().field(column).map(PictureTable::vectorLength).orElse(0) == 0) {
            throw new IllegalArgumentException("no column '" + column + "' of vectors in version " + table.version());
        }
    }

    /// What the query brings with it, times its weights; null where it names pictures of the library alone.
    private float @Nullable [] given(PictureQuery query) {
        float @Nullable [] sum = null;
        for (PictureQuery.Target target : query.targets()) {
            sum = switch (target) {
                case PictureQuery.Words words ->
                    add(sum, models.embedWords(query.column(), words.text()), words.weight());
                case PictureQuery.Sample sample ->
                    add(sum, pictureModel(query.column()).embedPicture(sample.bytes()), sample.weight());
                case PictureQuery.Like _, PictureQuery.Unlike _ -> sum;
            };
        }
        return sum;
    }

    /// Also what it names of the library.
    ///
    /// @param named gets the pictures
    private static float[] withStored(
            float @Nullable [] given, Table table, PictureQuery query, Set<String> named) {
        float @Nullable [] sum = given;
        for (PictureQuery.Target target : query.targets()) {
            sum = switch (target) {
                case PictureQuery.Like like ->
                    add(sum, stored(table, like.id(), query.column(), named), like.weight());
                case PictureQuery.Unlike unlike ->
                    add(sum, stored(table, unlike.id(), query.column(), named), -unlike.weight());
                case PictureQuery.Words _, PictureQuery.Sample _ -> sum;
            };
        }
        return Objects.requireNonNull(sum);
    }

    private static float[] add(float @Nullable [] before, float[] vector, float weight) {
        float[] sum = before == null ? new float[vector.length] : before;
        if (sum.length != vector.length) {
            throw new IllegalArgumentException("vectors of " + sum.length + " and of " + vector.length + " floats");
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * vector[i];
        }
        return sum;
    }

    private ClipModel pictureModel(String column) {
        if (models.model(column) instanceof ClipModel clip) {
            return clip;
        }
        throw new IllegalArgumentException("column '" + column + "' holds vectors of captions: a picture has none there");
    }

    private static float[] stored(Table table, String id, String column, Set<String> named) {
        named.add(id);
        Map<String, @Nullable Object> row = PictureTable.row(table, id, column)
                .orElseThrow(() -> new NoSuchPictureException("no picture " + id + " in version " + table.version()));
        if (row.get(column) instanceof float[] vector) {
            return vector;
        }
        throw new IllegalArgumentException("picture " + id + " has no vector in column '" + column + "'");
    }

    /// The rows that meet the query's conditions, in the table's order.
    public PicturePage list(Optional<Table> latest, PictureQuery query) {
        if (!query.targets().isEmpty()) {
            throw new IllegalArgumentException("a list is near to nothing");
        }
        Optional<Table> found = TableVersions.of(latest, query);
        if (found.isEmpty()) {
            return new PicturePage(0, 0, List.of());
        }
        Table table = found.get();
        List<Picture> pictures = new ArrayList<>();
        conditions(table.query().select(PictureTable.describingColumns(table.schema())), query)
                .offset(query.offset())
                .limit(query.k())
                .toMaps()
                .forEach(row -> pictures.add(PictureTable.picture(row)));
        long total = query.conditions().isEmpty()
                ? table.countRows()
                : conditions(table.query().select(PictureTable.ID), query).count();
        return new PicturePage(table.version(), total, pictures);
    }

    /// The row of a picture.
    public static Optional<Picture> find(Table table, String id) {
        return PictureTable.row(table, id, PictureTable.describingColumns(table.schema()))
                .map(PictureTable::picture);
    }
}
