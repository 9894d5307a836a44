// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.Joust;
import dev.joust.index.DistanceType;
import dev.joust.index.IvfFlat;

/// 100 rows on a line, looked for from its start; the reranker likes long texts, and row i has (7 i) modulo 100 letters.
class RerankedSearchTest {
    private record Row(int id, @Nullable String text, float[] vector, float[] fine) {}

    private record Found(int id) {}

    @TempDir
    Path folder;

    private Database database;
    private final List<List<String>> asked = new ArrayList<>();
    private Table table;

    /// Relevance is the length of the text, more by 1,000 if it holds the words.
    private final Reranker byLength = new Reranker() {
        @Override
        public List<String> columns() {
            return List.of("text");
        }

        @Override
        public float[] scores(@Nullable String words, List<Hit<Map<String, @Nullable Object>>> found) {
            asked.add(found.stream().map(hit -> (String) hit.row().get("text")).toList());
            float[] scores = new float[found.size()];
            for (int i = 0; i < scores.length; i++) {
                assertEquals(List.of("text"), List.copyOf(found.get(i).row().keySet()));
                String text = (String) found.get(i).row().get("text");
                scores[i] = text == null ? Float.NaN : text.length() + (words != null && text.contains(words) ? 1000 : 0);
            }
            return scores;
        }
    };

    @BeforeEach
    void fill() {
        database = Joust.connect(folder.toString());
        table = database.createTable("t", IntStream.range(0, 100)
                .mapToObj(i -> new Row(i, i == 3 ? null : (i == 9 ? "y" : "x").repeat(7 * i % 100), new float[] {i, 0},
                        new float[] {Math.abs(i - 15), 1, 1}))
                .toList());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static List<Integer> ids(Query query) {
        return query.hits(Found.class).stream().map(hit -> hit.row().id()).toList();
    }

    @Test
    void theMostRelevantOfFourTimesTheRowsAreAnswered() {
        List<Hit<Found>> hits = table.search(new float[] {0, 0}).rerank(byLength).limit(3).hits(Found.class);
        assertEquals(List.of(11, 10, 9), hits.stream().map(hit -> hit.row().id()).toList());
        assertEquals(List.of(121f, 100f, 81f), hits.stream().map(Hit::distance).toList());
        assertEquals(List.of(77f, 70f, 63f), hits.stream().map(Hit::relevance).toList());
        assertEquals(12, asked.getFirst().size());
        assertEquals("", asked.getFirst().getFirst());
    }

    @Test
    void asManyCandidatesAsAreWantedAreLookedAt() {
        Query query = table.search(new float[] {0, 0}).rerank(byLength).candidates(15).limit(2);
        assertEquals(List.of(14, 13), ids(query));
        assertEquals(List.of(4, 2), ids(query.where("id < 5")));
        assertEquals(List.of(14, 13), ids(query.candidates(1).candidates(15)));
        assertEquals(List.of(1, 0), ids(query.candidates(1)));
        assertEquals(List.of(12, 11), ids(query.offset(2)));
        assertEquals(List.of(14, 28, 42), ids(query.candidates(50).where("id % 14 = 0").limit(3)));
    }

    @Test
    void theWordsOfTheSearchReachTheReranker() {
        Query query = table.search(new float[] {0, 0});
        assertEquals(List.of(9, 11, 10), ids(query.rerank(byLength, "y").limit(3)));
        database.registerEmbedder("t", new Embedder() {
            @Override
            public int dimension() {
                return 2;
            }

            @Override
            public List<float[]> embed(List<String> texts) {
                return texts.stream().map(_ -> new float[2]).toList();
            }
        });
        assertEquals(List.of(9, 11, 10), ids(table.search("y").rerank(byLength).limit(3)));
    }

    @Test
    void rowsWithoutRelevanceComeLastAndWhatIsAlikeKeepsItsOrder() {
        Query query = table.search(new float[] {0, 0}).rerank(byLength).candidates(5).limit(5);
        assertEquals(List.of(4, 2, 1, 0, 3), ids(query));
        assertTrue(Float.isNaN(query.hits(Found.class).getLast().relevance()));
        Reranker indifferent = new Reranker() {
            @Override
            public List<String> columns() {
                return List.of();
            }

            @Override
            public float[] scores(@Nullable String words, List<Hit<Map<String, @Nullable Object>>> found) {
                return new float[found.size()];
            }
        };
        assertEquals(List.of(0, 1, 2, 3), ids(query.rerank(indifferent).limit(4)));
    }

    @Test
    void relevanceStandsBehindTheDistanceAndOnlyColumnsAskedForAreAnswered() {
        Query query = table.search(new float[] {0, 0}).rerank(byLength).limit(1);
        assertEquals(List.of("id", "text", "vector", "fine", "_distance", "_relevance_score"),
                List.copyOf(query.toMaps().getFirst().keySet()));
        Map<String, @Nullable Object> row = query.select("id", "_relevance_score").withRowId().toMaps().getFirst();
        assertEquals(Map.of("id", 3, "_distance", 9f, "_relevance_score", 21f, "_rowid", 3L).keySet(), row.keySet());
        Map<String, @Nullable Object> none = query.select("_distance").toMaps().getFirst();
        assertEquals(List.of("_distance", "_relevance_score"), List.copyOf(none.keySet()));
        assertArrayEquals(new float[] {2, 0}, (float[]) query.select("vector").toMaps().getFirst().get("vector"));
        assertNull(query.hits().getFirst().row().get("_relevance_score"));
        assertEquals(14f, query.hits().getFirst().relevance());
    }

    @Test
    void whatAnIndexFoundIsRerankedToo() {
        table.createIndex("vector", IvfFlat.withMetric(DistanceType.L2).partitions(1));
        Query query = table.search(new float[] {0, 0}).rerank(byLength).candidates(12).limit(2);
        assertEquals(List.of(11, 10), ids(query));
        assertTrue(query.explain().startsWith("of 12 rows, those most relevant by "), query.explain());
        assertTrue(query.explain().contains("index '"), query.explain());
    }

    @Test
    void anotherColumnsVectorsDecide() {
        Reranker fine = new VectorReranker("fine", new float[] {0, 1, 1}, DistanceType.L2);
        Query query = table.search(new float[] {0, 0}).rerank(fine).candidates(20).limit(3);
        assertEquals(List.of(15, 14, 16), ids(query));
        assertEquals(List.of(0f, -1f, -1f), query.hits().stream().map(Hit::relevance).toList());
        Reranker cosine = new VectorReranker("fine", new float[] {1, 1, 1}, DistanceType.COSINE);
        assertEquals(List.of(14, 16), ids(query.rerank(cosine).limit(2)));
        assertThrows(IllegalArgumentException.class,
                () -> query.rerank(new VectorReranker("vector", new float[3], DistanceType.DOT)).hits());
        assertThrows(IllegalArgumentException.class,
                () -> query.rerank(new VectorReranker("text", new float[3], DistanceType.DOT)).hits());
    }

    @Test
    void whatCannotBeRerankedIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> table.query().rerank(byLength).toMaps());
        assertThrows(IllegalArgumentException.class, () -> table.query().candidates(5));
        assertThrows(IllegalArgumentException.class,
                () -> table.search(new float[2]).rerank(byLength).candidates(0));
        assertThrows(IllegalArgumentException.class,
                () -> table.searchEach(List.of(new float[2])).rerank(byLength).toMaps());
        Query unknown = table.search(new float[2]).rerank(new VectorReranker("none", new float[2], DistanceType.L2));
        String message = assertThrows(IllegalArgumentException.class, unknown::toMaps).getMessage();
        assertTrue(message.contains("no column 'none'"), message);
    }

    @Test
    void nothingFoundIsNothingReranked() {
        Query query = table.search(new float[2]).rerank(byLength);
        assertEquals(List.of(), query.where("id > 1000").toMaps());
        assertEquals(List.of(), query.limit(0).toMaps());
        assertFalse(table.search(new float[2]).toMaps().getFirst().containsKey("_relevance_score"));
        assertEquals(List.of(), asked);
    }
}
