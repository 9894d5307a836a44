// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many pictures in one request, and what is told of them.
class UploadTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FILE_LIMIT_BYTES = 64 << 10;

    @TempDir
    Path data;

    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RunningServer(data.toString(), options -> options.withMaxBodyBytes(FILE_LIMIT_BYTES));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<JsonNode> upload(String contentType, byte[] body) {
        HttpResponse<byte[]> answer = server.send(HttpRequest.newBuilder(server.uri("/images"))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
        assertEquals(200, answer.statusCode(), () -> new String(answer.body(), StandardCharsets.UTF_8));
        assertEquals("application/x-ndjson", answer.headers().firstValue("Content-Type").orElseThrow());
        return new String(answer.body(), StandardCharsets.UTF_8).lines().map(UploadTest::parse).toList();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    /// Lines about pictures by their number in the request.
    private static Map<Integer, JsonNode> pictures(List<JsonNode> lines) {
        Map<Integer, JsonNode> pictures = new LinkedHashMap<>();
        for (JsonNode line : lines) {
            if (line.get("event").asText().equals("picture")) {
                assertEquals(null, pictures.put(line.get("index").asInt(), line), line::toString);
            }
        }
        return pictures;
    }

    private int rowCount() {
        return server.get("/stats").body().get("rowCount").asInt();
    }

    @Test
    void everyFileGetsALineAndTheTotalsComeLast() {
        byte[] twice = Drawings.circle(0, "png");
        byte[] body = new Forms()
                .file("a.png", "image/png", twice)
                .file("b.jpg", "image/jpeg", Drawings.circle(1, "jpg"))
                .file("notes.txt", "text/plain", Multipart.text("no picture"))
                .file("again.png", null, twice)
                .file(null, null, Drawings.circle(2, "png"))
                .bytes();
        List<JsonNode> lines = upload(Multipart.CONTENT_TYPE, body);
        Map<Integer, JsonNode> pictures = pictures(lines);
        assertEquals(5, pictures.size());
        assertEquals("stored", pictures.get(1).get("status").asText());
        assertEquals("b.jpg", pictures.get(1).get("file").asText());
        assertTrue(pictures.get(1).get("id").asText().endsWith(".jpg"));
        assertEquals("refused", pictures.get(2).get("status").asText());
        assertFalse(pictures.get(2).get("error").asText().isBlank());
        assertEquals(List.of("exists", "stored"), List.copyOf(new TreeSet<>(List.of(
                pictures.get(0).get("status").asText(), pictures.get(3).get("status").asText()))));
        assertEquals("", pictures.get(4).get("file").asText());

        JsonNode totals = lines.getLast();
        assertEquals("done", totals.get("event").asText());
        assertEquals(3, totals.get("stored").asInt());
        assertEquals(1, totals.get("exists").asInt());
        assertEquals(1, totals.get("refused").asInt());
        assertTrue(totals.get("pictures_per_second").asDouble() > 0);
        double shares = 0;
        for (String part : List.of("reading", "decoding", "model", "storage")) {
            shares += totals.get("shares").get(part).asDouble();
        }
        assertEquals(1, shares, 0.01);
        assertEquals(3, rowCount());
        assertEquals(3, server.get("/versions").body().get("versions").get(1).get("rowCount").asInt(),
                "rows of many pictures go into one version");
    }

    @Test
    void zipIsTakenAsABodyAndInAForm() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            files.put("holiday/" + i + ".png", Drawings.circle(i, "png"));
        }
        files.put("__MACOSX/._0.png", new byte[10]);
        files.put("readme.txt", Multipart.text("hello"));
        Map<Integer, JsonNode> pictures = pictures(upload("application/zip", Forms.zip(files)));
        assertEquals(7, pictures.size());
        assertEquals("refused", pictures.get(6).get("status").asText());
        assertTrue(pictures.get(0).get("file").asText().endsWith("holiday/0.png"));
        assertTrue(pictures.get(0).get("archive").asBoolean());
        assertEquals(6, rowCount());

        files.put("holiday/7.png", Drawings.circle(7, "png"));
        byte[] form = new Forms()
                .file("one.png", "image/png", Drawings.circle(8, "png"))
                .file("holiday.zip", "application/zip", Forms.zip(files))
                .bytes();
        List<JsonNode> lines = upload(Multipart.CONTENT_TYPE, form);
        assertEquals(2, lines.getLast().get("stored").asInt());
        assertEquals(6, lines.getLast().get("exists").asInt());
        assertEquals(0, pictures(lines).get(0).get("part").asInt());
        assertEquals(1, pictures(lines).get(1).get("part").asInt());
    }

    @Test
    void captionAndTagsHoldForTheFilesAfterThem() {
        byte[] body = new Forms()
                .file("a.png", null, Drawings.circle(0, "png"))
                .field("caption", "a größer circle ☆")
                .field("tags", "round, drawn ,round")
                .file("b.png", null, Drawings.circle(1, "png"))
                .bytes();
        Map<Integer, JsonNode> pictures = pictures(upload(Multipart.CONTENT_TYPE, body));
        JsonNode first = server.get("/" + pictures.get(0).get("id").asText() + "/info").body();
        JsonNode second = server.get("/" + pictures.get(1).get("id").asText() + "/info").body();
        assertTrue(first.get("caption").isNull() && first.get("tags").isEmpty());
        assertEquals("a größer circle ☆", second.get("caption").asText());
        assertEquals("[\"round\",\"drawn\"]", second.get("tags").toString());
    }

    @Test
    void oneAnswerForThoseWhoAskForJson() {
        byte[] mixed = new Forms().file("a.png", null, Drawings.circle(0, "png")).file("b.png", null, new byte[9]).bytes();
        RunningServer.Answer answer = json(mixed);
        assertEquals(200, answer.status());
        assertEquals(3, answer.body().get("events").size());
        assertEquals(400, json(new Forms().file("b.png", null, new byte[9]).bytes()).status());
    }

    private RunningServer.Answer json(byte[] body) {
        return RunningServer.json(server.send(HttpRequest.newBuilder(server.uri("/images"))
                .header("Content-Type", Multipart.CONTENT_TYPE)
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build()));
    }

    /// The body is held back until the answer to its first pictures has been read: neither waits for the other.
    @Test
    void linesComeWhileTheBodyIsStillOnItsWay() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(Multipart.text("POST /images HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
                    + "Content-Type: " + Multipart.CONTENT_TYPE + "\r\n\r\n"));
            sendChunk(out, new Forms().file("a.png", null, Drawings.circle(0, "png")).file("b.png", null, new byte[3]).unfinished());
            sendChunk(out, Multipart.text("--" + Multipart.BOUNDARY));
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line = in.readLine();
            while (!line.contains("\"stored\",\"id\"")) {
                line = in.readLine();
            }
            assertEquals(1, rowCount());
            sendChunk(out, Multipart.text("--\r\n"));
            out.write(Multipart.text("0\r\n\r\n"));
            out.flush();
            String last = line;
            for (String next = in.readLine(); next != null; next = in.readLine()) {
                last = next.startsWith("{") ? next : last;
            }
            assertTrue(last.contains("\"done\",\"stored\":1,\"exists\":0,\"refused\":1"), last);
        }
    }

    private static void sendChunk(OutputStream out, byte[] bytes) throws IOException {
        out.write(Multipart.text(Integer.toHexString(bytes.length) + "\r\n"));
        out.write(bytes);
        out.write(Multipart.text("\r\n"));
        out.flush();
    }

    @Test
    void clientThatGoesEndsTheWorkAndMayComeBack() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(Multipart.text("POST /images HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\nContent-Type: "
                    + Multipart.CONTENT_TYPE + "\r\n\r\n"));
            out.write(new Forms().file("a.png", null, Drawings.circle(0, "png")).unfinished());
            out.flush();
        }
        // Each upload that was not given up would hold one of four places for good
        for (int i = 1; i <= 6; i++) {
            List<JsonNode> lines = upload(Multipart.CONTENT_TYPE,
                    new Forms().file("a.png", null, Drawings.circle(0, "png")).bytes());
            assertEquals("done", lines.getLast().get("event").asText());
        }
        assertEquals(1, rowCount());
    }

    @Test
    void formThatBreaksSaysSoAfterWhatWasSettled() {
        byte[] cut = new Forms()
                .file("a.png", null, Drawings.circle(0, "png"))
                .file("b.png", null, Drawings.circle(1, "png"))
                .unfinished();
        List<JsonNode> lines = upload(Multipart.CONTENT_TYPE, cut);
        assertEquals("failed", lines.getLast().get("event").asText());
        assertFalse(lines.getLast().get("error").asText().isBlank());
    }

    @Test
    void fileThatIsTooLongIsRefusedAloneAndMemoryStaysBounded() {
        byte[] body = new Forms()
                .file("a.png", null, Drawings.circle(0, "png"))
                .file("long.png", null, new byte[FILE_LIMIT_BYTES + 1])
                .file("b.png", null, Drawings.circle(1, "png"))
                .bytes();
        Map<Integer, JsonNode> pictures = pictures(upload(Multipart.CONTENT_TYPE, body));
        assertEquals("refused", pictures.get(1).get("status").asText());
        assertTrue(pictures.get(1).get("error").asText().contains("longer than " + FILE_LIMIT_BYTES));
        assertEquals(2, rowCount());
    }

    /// Photographs are often saved under another ending than theirs.
    @Test
    void pictureUnderAnotherPicturesEndingIsKeptAsWhatItIs() {
        byte[] png = Drawings.circle(0, "png");
        RunningServer.Answer stored = server.post(
                "/vectorize_and_store", Multipart.CONTENT_TYPE, new Forms().file("a.jpg", null, png).bytes());
        assertEquals(200, stored.status());
        assertTrue(stored.body().get("id").asText().endsWith(".png"));
    }
}
