// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.embed.ClipModel;
import dev.joust.http.handler.PageFiles;
import dev.joust.pictures.PictureLibrary;

class JoustServerTest {
    @TempDir
    Path data;

    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RunningServer(data.toString(), UnaryOperator.identity());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void uploadedPictureIsNamedByItsHashAndStoredOnce() throws Exception {
        byte[] picture = Drawings.circle(1, "png");
        String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(picture));

        RunningServer.Answer first = server.upload(picture);
        assertEquals(200, first.status(), first.error());
        assertEquals("images/" + sha256 + ".png", first.body().get("id").asText());
        assertTrue(first.body().get("path").asText().endsWith("/images/" + sha256 + ".png"));
        assertEquals("stored", first.body().get("status").asText());
        assertTrue(first.body().get("version").asLong() >= 1);
        assertEquals(4, first.body().size());

        RunningServer.Answer second = server.upload(picture);
        assertEquals(200, second.status());
        assertEquals("exists", second.body().get("status").asText());
        assertEquals(first.body().get("id"), second.body().get("id"));
        assertEquals(1, server.get("/stats").body().get("rowCount").asInt());
    }

    @Test
    void wordsFindPicturesNearestFirst() {
        for (int seed = 0; seed < 5; seed++) {
            server.upload(Drawings.circle(seed, seed % 2 == 0 ? "png" : "jpg"));
        }
        JsonNode found = server.get("/search?text=a%20red%20circle&k=3").body();
        assertEquals("a red circle", found.get("query").asText());
        assertEquals(3, found.get("results").size());
        float nearest = Float.NEGATIVE_INFINITY;
        for (JsonNode hit : found.get("results")) {
            assertTrue(hit.get("id").asText().startsWith("images/"));
            assertTrue(hit.get("path").asText().endsWith(hit.get("id").asText()));
            assertEquals(List.of("id", "path", "_distance"), firstNames(hit));
            assertTrue(hit.get("_distance").floatValue() >= nearest, found::toString);
            nearest = hit.get("_distance").floatValue();
        }
        assertEquals(5, server.get("/search?text=circle").body().get("results").size());
        RunningServer.Answer emoji = server.get("/search?text=%F0%9F%98%80");
        assertTrue(new String(emoji.response().body(), StandardCharsets.UTF_8).startsWith("{\"query\":\"😀\""), emoji.body()::toString);
        assertEquals("größe ☆", server.get("/search?text=gr%C3%B6%C3%9Fe+%E2%98%86").body().get("query").asText());
    }

    @Test
    void emptyCollectionAnswersSearchesWithNothing() {
        assertEquals(0, server.get("/search?text=star").body().get("results").size());
        assertEquals(0, server.get("/stats").body().get("rowCount").asInt());
    }

    @Test
    void pictureFindsItselfFirst() {
        List<String> ids = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            ids.add(server.upload(Drawings.circle(seed, "png")).body().get("id").asText());
        }
        RunningServer.Answer found = server.post(
                "/search?k=2", Multipart.CONTENT_TYPE, Multipart.file("file", "q.png", Drawings.circle(2, "png")));
        assertEquals(200, found.status(), found.error());
        assertTrue(found.body().get("query").isNull());
        assertEquals(2, found.body().get("results").size());
        assertEquals(ids.get(2), found.body().get("results").get(0).get("id").asText());
        assertEquals(4, server.get("/stats").body().get("rowCount").asInt());
    }

    @Test
    void pictureComesBackAsUploadedWithTypeAndTag() {
        byte[] picture = Drawings.circle(3, "jpg");
        String id = server.upload(picture).body().get("id").asText();
        HttpResponse<byte[]> got = server.send(HttpRequest.newBuilder(server.uri("/" + id)).build());
        assertEquals(200, got.statusCode());
        assertArrayEquals(picture, got.body());
        assertEquals("image/jpeg", got.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("nosniff", got.headers().firstValue("X-Content-Type-Options").orElseThrow());
        String etag = got.headers().firstValue("ETag").orElseThrow();

        HttpResponse<byte[]> again = server.send(
                HttpRequest.newBuilder(server.uri("/" + id)).header("If-None-Match", etag).build());
        assertEquals(304, again.statusCode());
        assertEquals(0, again.body().length);

        HttpResponse<byte[]> head = server.send(
                HttpRequest.newBuilder(server.uri("/" + id)).method("HEAD", HttpRequest.BodyPublishers.noBody()).build());
        assertEquals(200, head.statusCode());
        assertEquals(0, head.body().length);
        assertEquals(picture.length, head.headers().firstValueAsLong("Content-Length").orElseThrow());
    }

    @Test
    void deletedPictureIsGoneFromSearchAndMayComeBack() {
        byte[] picture = Drawings.circle(4, "png");
        String id = server.upload(picture).body().get("id").asText();
        HttpRequest delete = HttpRequest.newBuilder(server.uri("/" + id)).DELETE().build();
        assertEquals(204, server.send(delete).statusCode());
        assertEquals(404, server.send(delete).statusCode());
        assertEquals(404, server.get("/" + id).status());
        assertEquals(0, server.get("/search?text=circle").body().get("results").size());
        assertEquals("stored", server.upload(picture).body().get("status").asText());
        assertEquals(1, server.get("/search?text=circle").body().get("results").size());
    }

    @Test
    void statsDescribeTheTable() {
        server.upload(Drawings.circle(5, "png"));
        JsonNode stats = server.get("/stats").body();
        assertEquals(1, stats.get("rowCount").asInt());
        assertEquals(stats.get("columns").size(), stats.get("columnCount").asInt());
        assertEquals("string", stats.get("columns").get("id").asText());
        assertEquals("string", stats.get("columns").get("path").asText());
        assertEquals("fixed_size_list<item: float>[128]", stats.get("columns").get("vector").asText());
        assertEquals(128, stats.get("lastVectorDim").asInt());
        assertTrue(stats.get("tablePath").asText().endsWith("/images.lance"));
        assertTrue(stats.get("indices").isArray());
    }

    @Test
    void threeClientsAtOnceStoreEveryPictureOnce() throws Exception {
        List<byte[]> pictures = new ArrayList<>();
        for (int seed = 0; seed < 20; seed++) {
            pictures.add(Drawings.circle(seed, seed % 2 == 0 ? "png" : "jpg"));
        }
        Set<String> stored = new HashSet<>();
        int storedCount = 0;
        try (ExecutorService clients = Executors.newFixedThreadPool(3)) {
            List<Future<List<RunningServer.Answer>>> running = new ArrayList<>();
            for (int client = 0; client < 3; client++) {
                running.add(clients.submit(() -> pictures.stream().map(server::upload).toList()));
            }
            for (Future<List<RunningServer.Answer>> client : running) {
                for (RunningServer.Answer answer : client.get()) {
                    assertEquals(200, answer.status(), answer.error());
                    if (answer.body().get("status").asText().equals("stored")) {
                        storedCount++;
                        stored.add(answer.body().get("id").asText());
                    }
                    assertEquals(200, server.get("/search?text=red&k=5").status());
                }
            }
        }
        assertEquals(20, storedCount);
        assertEquals(20, stored.size());
        assertEquals(20, server.get("/stats").body().get("rowCount").asInt());
        Set<String> found = new HashSet<>();
        server.get("/search?text=circle&k=100").body().get("results").forEach(hit -> found.add(hit.get("id").asText()));
        assertEquals(stored, found);
    }

    @Test
    void pageComesWithoutAnythingFromElsewhere() {
        for (String path : PageFiles.all().keySet()) {
            HttpResponse<byte[]> file = server.send(HttpRequest.newBuilder(server.uri(path)).build());
            assertEquals(200, file.statusCode(), path);
            String policy = file.headers().firstValue("Content-Security-Policy").orElseThrow();
            assertTrue(policy.startsWith("default-src 'none'"), policy);
            assertFalse(policy.contains("unsafe"), policy);
            String text = new String(file.body(), StandardCharsets.UTF_8)
                    .replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
            assertFalse(text.contains("://") || text.contains("innerHTML"), path);
            String etag = file.headers().firstValue("ETag").orElseThrow();
            HttpRequest again = HttpRequest.newBuilder(server.uri(path)).header("If-None-Match", etag).build();
            assertEquals(304, server.send(again).statusCode());
        }
        String page = new String(server.send(HttpRequest.newBuilder(server.uri("/")).build()).body(), StandardCharsets.UTF_8);
        assertTrue(page.contains("toy") && page.contains("--model DIR"));
    }

    @Test
    void healthIsAnsweredWithAndWithoutTrailingSlash() {
        assertEquals("ok", server.get("/healthz").body().get("status").asText());
        assertEquals("ok", server.get("/healthz/").body().get("status").asText());
    }

    @Test
    void readOnlyServerSearchesButKeepsEverything() throws IOException {
        byte[] picture = Drawings.circle(6, "png");
        String id = server.upload(picture).body().get("id").asText();
        try (RunningServer readOnly = new RunningServer(data.toString(), options -> options.withReadOnly(true))) {
            assertEquals(403, readOnly.upload(Drawings.circle(7, "png")).status());
            assertEquals(403, readOnly.send(HttpRequest.newBuilder(readOnly.uri("/" + id)).DELETE().build()).statusCode());
            assertEquals(1, readOnly.get("/search?text=circle").body().get("results").size());
            assertEquals(200, readOnly.post("/search", Multipart.CONTENT_TYPE, Multipart.file("file", "a", picture)).status());
        }
    }

    @Test
    void takenPortIsABindException() {
        try (ClipModel model = ClipModel.openDefault();
                PictureLibrary library = PictureLibrary.open(data.toString(), model)) {
            assertThrows(BindException.class, () -> JoustServer.start(library, ServerOptions.onPort(server.port())));
        }
    }

    private static List<String> firstNames(JsonNode hit) {
        List<String> names = new ArrayList<>();
        hit.fieldNames().forEachRemaining(names::add);
        return names.subList(0, 3);
    }
}
