// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ClipModelTest {
    private static final JsonNode GOLDEN = Golden.json("golden.json");
    private static final ClipModel MODEL = ClipModel.openDefault();

    @AfterAll
    static void close() {
        MODEL.close();
    }

    private static double cosine(float[] vector, JsonNode expected) {
        assertEquals(expected.size(), vector.length);
        double dot = 0;
        double squares = 0;
        double expectedSquares = 0;
        for (int i = 0; i < vector.length; i++) {
            dot += vector[i] * expected.get(i).asDouble();
            squares += (double) vector[i] * vector[i];
            expectedSquares += expected.get(i).asDouble() * expected.get(i).asDouble();
        }
        assertEquals(1, squares, 1e-5);
        return dot / Math.sqrt(squares * expectedSquares);
    }

    @Test
    void tokenIdsAndVectorsOfWordsEqualTheReference() {
        for (JsonNode text : GOLDEN.path("texts")) {
            JsonNode ids = text.path("input_ids");
            assertArrayEquals(IntStream.range(0, ids.size()).map(i -> ids.get(i).asInt()).toArray(),
                    MODEL.tokenIds(text.path("text").asText()));
            double cosine = cosine(MODEL.embedText(text.path("text").asText()), text.path("embedding"));
            assertTrue(cosine >= 0.9999, text.path("text") + ": " + cosine);
        }
        assertEquals(8, GOLDEN.path("texts").size());
        assertEquals(128, MODEL.dimension());
    }

    @Test
    void vectorsOfPicturesEqualTheReference() {
        for (JsonNode picture : GOLDEN.path("images")) {
            String file = picture.path("file").asText();
            double cosine = cosine(MODEL.embedPicture(Golden.bytes(file)), picture.path("embedding"));
            assertTrue(cosine >= (file.endsWith(".png") ? 0.999 : 0.99), file + ": " + cosine);
        }
        assertEquals(8, GOLDEN.path("images").size());
    }

    @Test
    void aBatchOfAnySizeGivesWhatSingleItemsGive() {
        List<String> texts = IntStream.range(0, 50).mapToObj(i -> "a red star ".repeat(i)).toList();
        List<float[]> together = MODEL.embed(texts);
        assertEquals(50, together.size());
        for (int i = 0; i < texts.size(); i++) {
            assertArrayEquals(MODEL.embedText(texts.get(i)), together.get(i), 1e-5f, texts.get(i));
        }
        List<byte[]> pictures = StreamSupport.stream(GOLDEN.path("images").spliterator(), false)
                .map(node -> Golden.bytes(node.path("file").asText())).toList();
        List<byte[]> many = new ArrayList<>(pictures);
        many.addAll(pictures);
        many.addAll(pictures);
        List<float[]> vectors = MODEL.embedPictures(many);
        for (int i = 0; i < many.size(); i++) {
            assertArrayEquals(MODEL.embedPicture(many.get(i)), vectors.get(i), 1e-5f);
        }
        List<PreparedPicture> prepared = many.stream()
                .map(encoded -> MODEL.decoder().decode(encoded, picture -> MODEL.prepare(picture.pixels())))
                .toList();
        List<float[]> ofPrepared = MODEL.embedPrepared(prepared);
        for (int i = 0; i < many.size(); i++) {
            assertArrayEquals(vectors.get(i), ofPrepared.get(i), 1e-5f);
        }
        assertEquals(List.of(), MODEL.embed(List.of()));
        assertEquals(List.of(), MODEL.embedPrepared(List.of()));
    }

    @Test
    void manyThreadsGetTheSameVectors() throws Exception {
        float[] expected = MODEL.embedText("a blue fish");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<float[]>> results = IntStream.range(0, 200)
                    .mapToObj(_ -> threads.submit(() -> MODEL.embedText("a blue fish")))
                    .toList();
            for (Future<float[]> result : results) {
                assertArrayEquals(expected, result.get());
            }
        }
    }

    @Test
    void aClosedModelSaysSo() {
        ClipModel model = ClipModel.openDefault();
        model.close();
        model.close();
        assertThrows(IllegalStateException.class, () -> model.embedText("a red star"));
    }
}
