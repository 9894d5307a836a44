// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.Joust;
import dev.joust.testdata.ExpectedRows;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Indices that the reference built find what it found by them, at the same distances.
class GoldenVectorIndexTest {
    static Stream<GoldenTable> tables() {
        return GoldenTables.all().stream().filter(table -> table.properties().containsKey("searches"));
    }

    private record Search(long version, float[] query, int probes, int refine, String filter, List<Long> ids, List<Float> distances) {}

    @ParameterizedTest
    @MethodSource("tables")
    void searchesFindWhatTheReferenceFound(GoldenTable golden) {
        int shared = 0;
        int wanted = 0;
        try (Database database = Joust.connect(golden.folder().toString())) {
            Table table = database.openTable("data");
            for (Search search : searches(golden)) {
                Query query = table.at(search.version).search(search.query).column(column(golden)).limit(7).nprobes(search.probes).select("id");
                query = search.refine == 0 ? query : query.refine(search.refine);
                query = search.filter == null ? query : query.where(search.filter);
                if (!golden.property("searches").equals("IVF_RQ")) {
                    assertTrue(query.explain().contains("index '" + golden.property("indices") + "': " + golden.property("searches")), query.explain());
                }
                List<Map<String, Object>> rows = query.toMaps();
                assertEquals(search.ids.size(), rows.size());
                for (Map<String, Object> row : rows) {
                    int place = search.ids.indexOf((Long) row.get("id"));
                    if (place >= 0 && isComparable(golden, search)) {
                        assertEquals(search.distances.get(place), (Float) row.get("_distance"), 1e-3 * (1 + Math.abs(search.distances.get(place))));
                    }
                }
                float farthest = search.distances.isEmpty() ? 0 : search.distances.getLast();
                for (Map<String, Object> row : rows) {
                    // of rows as far as the last one any may be found
                    shared += search.ids.contains(row.get("id")) || farthest == (Float) row.get("_distance") ? 1 : 0;
                }
                wanted += search.ids.size();
            }
        }
        // codes of so few values are often equally far, and then any of them is as good
        double least = golden.property("searches").endsWith("Q") && !golden.property("searches").endsWith("SQ") ? 0.92 : 0.99;
        assertTrue(shared >= least * wanted, golden.name() + ": " + shared + " of " + wanted);
    }

    /// What the reference estimates by RaBitQ is coarser than what is worked out here.
    private static boolean isComparable(GoldenTable golden, Search search) {
        return !golden.property("searches").equals("IVF_RQ") || search.refine > 0;
    }

    static String column(GoldenTable golden) {
        return golden.properties().getProperty("column", "vec");
    }

    /// The vectors that were searched for.
    static List<float[]> queries(GoldenTable golden) {
        return searches(golden).stream().map(Search::query).toList();
    }

    private static List<Search> searches(GoldenTable golden) {
        List<Search> searches = new ArrayList<>();
        try (ExpectedRows expected = golden.searches()) {
            VectorSchemaRoot root = expected.root();
            for (int row = 0; row < root.getRowCount(); row++) {
                List<?> query = (List<?>) root.getVector("query").getObject(row);
                float[] vector = new float[query.size()];
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = (Float) query.get(i);
                }
                Object filter = root.getVector("filter").getObject(row);
                List<Long> ids = ((List<?>) root.getVector("ids").getObject(row)).stream().map(id -> (Long) id).toList();
                List<Float> distances = ((List<?>) root.getVector("distances").getObject(row)).stream().map(d -> (Float) d).toList();
                searches.add(new Search(
                        (Long) root.getVector("version").getObject(row),
                        vector,
                        (Integer) root.getVector("nprobes").getObject(row),
                        (Integer) root.getVector("refine").getObject(row),
                        filter == null ? null : filter.toString(),
                        ids,
                        distances));
            }
        }
        return searches;
    }
}
