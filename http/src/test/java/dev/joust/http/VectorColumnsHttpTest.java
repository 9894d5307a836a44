// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Searches of columns of vectors by further models: one of pictures, one of captions.
class VectorColumnsHttpTest {
    private static final int COUNT = 8;
    /// Beginning with those that have a caption.
    private static final int CAPTIONED = 6;

    @TempDir
    static Path data;

    private static final List<String> IDS = new ArrayList<>();
    private static SecondModels models;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        models = new SecondModels();
        server = new RunningServer(data.toString(), UnaryOperator.identity(), models.options());
        for (int i = 0; i < COUNT; i++) {
            Forms form = i < CAPTIONED ? new Forms().field("caption", "number " + i + " of the circles") : new Forms();
            IDS.add(server.post("/vectorize_and_store", Multipart.CONTENT_TYPE, form.file("a.png", null, picture(i)).bytes())
                    .body().get("id").asText());
        }
        models.addColumns(server);
    }

    @AfterAll
    static void stop() {
        server.close();
        models.close();
    }

    private static byte[] picture(int number) {
        return Drawings.circle(number, "png");
    }

    private static List<String> ids(RunningServer.Answer answer) {
        assertEquals(200, answer.status(), answer::error);
        return StreamSupport.stream(answer.body().get("results").spliterator(), false)
                .map(hit -> hit.get("id").asText()).toList();
    }

    private static RunningServer.Answer byPicture(String column, int number) {
        return server.post("/search?column=" + column, Multipart.CONTENT_TYPE, new Forms().file(null, null, picture(number)).bytes());
    }

    @Test
    void statsNameEveryColumnWithItsModel() {
        JsonNode columns = server.get("/stats").body().get("vectorColumns");
        assertEquals(3, columns.size());
        assertEquals("{\"name\":\"other\",\"of\":\"picture\",\"dimension\":16,\"model\":\"siglip\",\"searchable\":true}",
                columns.get(1).toString());
        assertEquals("{\"name\":\"words\",\"of\":\"caption\",\"dimension\":16,\"model\":\"sentence-mean\",\"searchable\":true}",
                columns.get(2).toString());
    }

    @Test
    void wordsAreSearchedInTheColumnNamed() {
        String query = "/search?k=100&text=number+3+of+the+circles&column=";
        RunningServer.Answer usual = server.get(query + "vector");
        RunningServer.Answer other = server.get(query + "other");
        RunningServer.Answer captions = server.get(query + "words");
        assertEquals(COUNT, ids(usual).size());
        assertEquals(COUNT, ids(other).size());
        assertNotEquals(usual.body().get("results").get(0).get("_distance"), other.body().get("results").get(0).get("_distance"));
        assertEquals(CAPTIONED, ids(captions).size(), "pictures without a caption are not among captions");
        assertNotEquals(usual.response().headers().firstValue("ETag"), other.response().headers().firstValue("ETag"));
    }

    @Test
    void pictureFindsItselfAmongPicturesAndIsRefusedAmongCaptions() {
        for (String column : List.of("vector", "other")) {
            RunningServer.Answer found = byPicture(column, 7);
            assertEquals(IDS.get(7), ids(found).getFirst());
            assertEquals(0, found.body().get("results").get(0).get("_distance").asDouble(), 1e-5);
        }
        RunningServer.Answer refused = byPicture("words", 7);
        assertEquals(400, refused.status());
        assertTrue(refused.error().contains("'words' holds vectors of captions"), refused.error());
    }

    @Test
    void moreLikeAPictureGoesByTheColumnsVectors() {
        assertEquals(COUNT - 1, ids(server.get("/search?column=other&like=" + IDS.getFirst())).size());
        List<String> alike = ids(server.get("/search?column=words&like=" + IDS.getFirst()));
        assertEquals(CAPTIONED - 1, alike.size());
        assertFalse(alike.contains(IDS.getFirst()));
        RunningServer.Answer refused = server.get("/search?column=words&like=" + IDS.getLast());
        assertEquals(400, refused.status());
        assertTrue(refused.error().contains("no vector in column 'words'"), refused.error());
    }

    @Test
    void columnThatIsNotThereIsRefused() {
        for (String column : List.of("nothing", "caption", "Words", "vector%20", "")) {
            assertEquals(400, server.get("/search?text=a&column=" + column).status(), column);
        }
        assertEquals(400, server.get("/search?text=a&column=words&version=2").status(), "older than the column");
    }

    @Test
    void captionThatIsChangedGetsAnotherVector() {
        String query = "/search?column=words&text=quite+another+thing&where=id+%3D+'" + IDS.get(5) + "'";
        JsonNode before = server.get(query).body().get("results").get(0).get("_distance");
        HttpRequest change = HttpRequest.newBuilder(server.uri("/" + IDS.get(5) + "/info"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"caption\": \"quite another thing\"}"))
                .build();
        assertEquals(200, server.send(change).statusCode());
        assertNotEquals(before, server.get(query).body().get("results").get(0).get("_distance"));
    }
}
