// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One picture over HTTP: bytes and ranges, thumbnail, what is known of it, delete and restore.
class PictureResourceTest {
    private static final byte[] PICTURE = Drawings.circle(3, "png");

    @TempDir
    static Path data;

    private static RunningServer server;
    private static String id = "";

    @BeforeAll
    static void start() throws IOException {
        server = new RunningServer(data.toString(), UnaryOperator.identity());
        id = server.upload(PICTURE).body().get("id").asText();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<byte[]> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return server.send(request.build());
    }

    private static RunningServer.Answer put(String path, String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path)).PUT(HttpRequest.BodyPublishers.ofString(json));
        if (headers.length == 0) {
            request.header("Content-Type", "application/json");
        } else {
            request.headers(headers);
        }
        return RunningServer.json(server.send(request.build()));
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void pictureIsKeptForGoodByWhoeverGotIt() {
        HttpResponse<byte[]> whole = get("/" + id);
        assertArrayEquals(PICTURE, whole.body());
        assertEquals("private, max-age=31536000, immutable", header(whole, "Cache-Control"));
        String etag = header(whole, "ETag");
        for (String known : List.of(etag, "W/" + etag, "\"other\", " + etag, "*", "W/\"x\",W/" + etag)) {
            HttpResponse<byte[]> again = get("/" + id, "If-None-Match", known);
            assertEquals(304, again.statusCode(), known);
            assertEquals(0, again.body().length);
            assertEquals(etag, header(again, "ETag"));
        }
        for (String unknown : List.of("\"other\"", "W/", "\"", "W/\"" + id, "")) {
            assertEquals(200, get("/" + id, "If-None-Match", unknown).statusCode(), unknown);
        }
    }

    @Test
    void rangesOfAPicture() {
        int size = PICTURE.length;
        assertRange("bytes=0-9", 0, 10);
        assertRange("bytes=10-", 10, size);
        assertRange("bytes=-5", size - 5, size);
        assertRange("Bytes=3-3", 3, 4);
        assertRange("bytes=5-99999999", 5, size);
        assertRange("bytes=-99999999", 0, size);
        for (String ignored : List.of("bytes=9-5", "bytes=-", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b", "bytes=0-99999999999999999999")) {
            assertEquals(200, get("/" + id, "Range", ignored).statusCode(), ignored);
        }
        HttpResponse<byte[]> behind = get("/" + id, "Range", "bytes=" + size + "-");
        assertEquals(416, behind.statusCode());
        assertEquals("bytes */" + size, header(behind, "Content-Range"));
        assertEquals("no-store", header(behind, "Cache-Control"));
        HttpResponse<byte[]> head = server.send(HttpRequest.newBuilder(server.uri("/" + id)).HEAD().header("Range", "bytes=0-9").build());
        assertEquals(200, head.statusCode(), "a range is of what GET gives");
        assertEquals(size, head.headers().firstValueAsLong("Content-Length").orElseThrow());
        assertEquals(200, get("/" + id, "Range", "bytes=0-9", "If-Range", "\"other\"").statusCode());
    }

    private static void assertRange(String range, int start, int end) {
        HttpResponse<byte[]> part = get("/" + id, "Range", range);
        assertEquals(206, part.statusCode(), range);
        assertArrayEquals(Arrays.copyOfRange(PICTURE, start, end), part.body());
        assertEquals("bytes " + start + "-" + (end - 1) + "/" + PICTURE.length, header(part, "Content-Range"));
    }

    @Test
    void thumbnailIsASmallJpeg() throws IOException {
        HttpResponse<byte[]> thumbnail = get("/" + id + "/thumbnail");
        assertEquals(200, thumbnail.statusCode());
        assertEquals("image/jpeg", header(thumbnail, "Content-Type"));
        assertEquals(64, ImageIO.read(new ByteArrayInputStream(thumbnail.body())).getWidth());
        assertEquals(304, get("/" + id + "/thumbnail", "If-None-Match", header(thumbnail, "ETag")).statusCode());
        assertEquals(404, get("/images/" + "0".repeat(64) + ".png/thumbnail").statusCode());
        assertEquals(404, get("/images/x/thumbnail").statusCode());
    }

    @Test
    void whatIsKnownIsToldAndCaptionAndTagsCanBeChanged() {
        JsonNode info = server.get("/" + id + "/info").body();
        assertEquals(64, info.get("width").asInt());
        assertEquals(64, info.get("height").asInt());
        assertEquals(PICTURE.length, info.get("bytes").asInt());
        assertEquals("png", info.get("format").asText());
        assertTrue(info.get("taken_at").isNull() && info.get("camera").isNull());

        RunningServer.Answer changed = put("/" + id + "/info", "{\"caption\": \"round ☆\", \"tags\": [\"a\", \"b\"]}");
        assertEquals(200, changed.status(), changed.error());
        assertEquals("round ☆", changed.body().get("caption").asText());
        assertEquals(changed.body(), server.get("/" + id + "/info").body());
        assertEquals("[\"a\",\"b\"]", put("/" + id + "/info", "{\"caption\": null}").body().get("tags").toString());
        assertEquals("[]", put("/" + id + "/info", "{\"tags\": null}").body().get("tags").toString());
    }

    /// Each says one thing, and takes nothing back that the other said.
    @Test
    void twoWhoEditAtATimeUndoNothing() throws Exception {
        for (int round = 0; round < 5; round++) {
            String number = String.valueOf(round);
            try (ExecutorService editors = Executors.newFixedThreadPool(2)) {
                Future<?> caption = editors.submit(() -> put("/" + id + "/info", "{\"caption\": \"caption " + number + "\"}"));
                Future<?> tags = editors.submit(() -> put("/" + id + "/info", "{\"tags\": [\"tag " + number + "\"]}"));
                caption.get();
                tags.get();
            }
            JsonNode info = server.get("/" + id + "/info").body();
            assertEquals("caption " + number, info.get("caption").asText());
            assertEquals("[\"tag " + number + "\"]", info.get("tags").toString());
        }
    }

    @Test
    void unsoundDescriptionsAreRefused() {
        for (String body : List.of("", "[]", "{", "{\"caption\": 1}", "{\"caption\": [\"a\"]}", "{\"tags\": \"a\"}", "{\"tags\": [1]}",
 "{\"captoin\": \"x\"}", "{\"caption\": \"a\", \"caption\": \"b\"}",
                "{\"tags\": [[]]}", "{} {}", "{\"tags\": [\"\"]}", "{\"caption\": \"" + "a".repeat(5000) + "\"}", "nonsense")) {
            RunningServer.Answer refused = put("/" + id + "/info", body);
            assertEquals(400, refused.status(), body);
        }
        assertEquals(413, put("/" + id + "/info", "{\"caption\": \"" + "a".repeat(100_000) + "\"}").status());
        assertEquals(415, put("/" + id + "/info", "{}", "Content-Type", "text/plain").status());
        assertEquals(404, put("/images/" + "0".repeat(64) + ".png/info", "{\"caption\": \"x\"}").status());
    }

    @Test
    void deletedPictureIsGoneUntilItIsRestoredButThereInThePast() {
        byte[] picture = Drawings.circle(9, "png");
        JsonNode stored = server.upload(picture).body();
        String path = "/" + stored.get("id").asText();
        assertEquals(204, server.send(HttpRequest.newBuilder(server.uri(path)).DELETE().build()).statusCode());
        assertEquals(404, get(path).statusCode());
        assertEquals(404, get(path + "/thumbnail").statusCode());
        assertEquals(404, get(path + "/info").statusCode());
        String then = "?version=" + stored.get("version").asLong();
        assertArrayEquals(picture, get(path + then).body());
        assertEquals(200, get(path + "/thumbnail" + then).statusCode());
        assertEquals(200, get(path + "/info" + then).statusCode());

        RunningServer.Answer restored = server.post(path + "/restore", "text/plain", new byte[0]);
        assertEquals(200, restored.status(), restored.error());
        assertEquals(stored.get("id"), restored.body().get("id"));
        assertArrayEquals(picture, get(path).body());
        assertEquals(404, server.post("/images/" + "0".repeat(64) + ".png/restore", "text/plain", new byte[0]).status());
    }

    @Test
    void otherSitesMayNotChangeAnything() {
        for (List<String> headers : List.of(
                List.of("Sec-Fetch-Site", "cross-site"), List.of("Sec-Fetch-Site", "same-site"),
                List.of("Origin", "null"), List.of("Origin", server.uri("/").toString().replace("http://127", "https://evil.example/127")),
                List.of("Origin", "http://localhost.evil.example"))) {
            String[] given = headers.toArray(String[]::new);
            assertEquals(403, server.send(HttpRequest.newBuilder(server.uri("/" + id)).headers(given).DELETE().build()).statusCode(),
                    headers::toString);
            assertEquals(200, get("/" + id, given).statusCode());
        }
        String own = "http://127.0.0.1:" + server.port();
        assertEquals(404, server.send(HttpRequest.newBuilder(server.uri("/images/" + "0".repeat(64) + ".png"))
                .header("Origin", own).DELETE().build()).statusCode());
    }
}
