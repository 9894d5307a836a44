// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that lie about what they are, and requests that bring too much: a reason each, and nothing left behind.
class LyingUploadTest {
    private static final byte[] PNG = Drawings.circle(1, "png");
    private static final byte[] JPEG = Drawings.circle(1, "jpg");

    @TempDir
    static Path folder;

    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new RunningServer(folder.resolve("data").toString(),
                options -> options.withMaxBodyBytes(1 << 20).withMaxUploadBytes(8 << 20));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        assertEquals(0, server.get("/stats").body().get("rowCount").asInt());
        Path images = folder.resolve("data").resolve("images");
        if (Files.exists(images)) {
            try (Stream<Path> files = Files.list(images)) {
                assertEquals(List.of(), files.toList());
            }
        }
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertEquals(List.of(), files.filter(file -> file.getFileName().toString().startsWith("joust-upload-")).toList());
        }
    }

    private static RunningServer.Answer store(String fileName, String contentType, byte[] bytes) {
        return server.post("/vectorize_and_store", Multipart.CONTENT_TYPE, new Forms().file(fileName, contentType, bytes).bytes());
    }

    private static void assertRefused(int status, RunningServer.Answer answer) {
        assertEquals(status, answer.status(), answer::error);
        assertFalse(answer.error().isBlank());
        assertTrue(answer.error().codePoints().noneMatch(Character::isISOControl), answer.error());
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of("a.jpg", "image/jpeg", PNG), Arguments.of("a.png", "image/png", JPEG),
                Arguments.of("a.js", null, PNG), Arguments.of("a.HTML", "application/octet-stream", JPEG),
                Arguments.of("a", "image/gif", PNG), Arguments.of("a.png", "text/html", PNG),
                Arguments.of("a.html", null, PNG), Arguments.of("a.svg", "image/svg+xml", PNG),
                Arguments.of("a.png.exe", "image/png", PNG), Arguments.of("a.pdf", "application/octet-stream", JPEG));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void typeThatTheBytesContradictIs415(String fileName, String contentType, byte[] bytes) {
        assertRefused(415, store(fileName, contentType, bytes));
        assertRefused(415, server.post("/search", Multipart.CONTENT_TYPE,
                new Forms().file(fileName, contentType, bytes).bytes()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "../../etc/passwd.png", "/tmp/a.png", "..\\\\..\\\\a.png", "C:\\\\a.png", "a/b.png", "..", "a\u0000.png", "a\u0007.png", "a\u001b[31m.png",
        "a\u007f.png", "a\u202egnp.exe.png", "a\u2028b.png"
    })
    void nameWithPathsOrControlCharactersIs400(String fileName) {
        assertRefused(400, store(fileName, null, PNG));
    }

    @Test
    void nameOfAThousandCharactersIs400() {
        assertRefused(400, store("a".repeat(1000) + ".png", null, PNG));
    }

    /// What comes after a sound picture's end, or stands before its start, makes it another kind of file too.
    @Test
    void whatOnlyPretendsIs400() {
        assertRefused(400, store("a.gif", null, Multipart.text("GIF89a/*<script>alert(1)</script>*/=1;")));
        assertRefused(400, store("a.png", null, Multipart.text("\u0089PNG\r\n\u001a\nnothing more")));
        assertRefused(400, store("a.svg", null, Multipart.text("<svg onload='alert(1)'/>")));
        assertRefused(400, store("a.zip", "application/zip", Forms.zip(Map.of("a.png", PNG))));
        assertRefused(400, store("a.jpg", null, Arrays.copyOf(JPEG, JPEG.length / 2)));
    }

    private static List<String> lines(String contentType, byte[] body) {
        HttpResponse<byte[]> answer = server.send(HttpRequest.newBuilder(server.uri("/images"))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
        return new String(answer.body(), StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void zipThatSwellsIsRefused() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 80; i++) {
            files.put(i + ".png", new byte[1 << 20]);
        }
        List<String> lines = lines("application/zip", Forms.zip(files));
        assertTrue(lines.getLast().contains("\"done\",\"stored\":0,\"exists\":0"), lines.getLast());
        assertTrue(lines.stream().anyMatch(line -> line.contains("unpacks to more than")), lines::toString);
    }

    @Test
    void zipWithinAZipIsNoPicture() {
        byte[] inner = Forms.zip(Map.of("a.png", PNG));
        List<String> lines = lines("application/zip", Forms.zip(Map.of("inner.zip", inner)));
        assertTrue(lines.getFirst().contains("refused") && lines.getLast().contains("\"refused\":1"), lines::toString);
    }

    @Test
    void namesInAZipMayNotClimb() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : List.of("../a.png", "/etc/a.png", "a/../../b.png", "C:\\a.png", "b\u0007.png", "lie.html")) {
            files.put(name, PNG);
        }
        List<String> lines = lines("application/zip", Forms.zip(files));
        assertTrue(lines.getLast().contains("\"stored\":0,\"exists\":0,\"refused\":6"), lines.getLast());
    }

    @Test
    void brokenZipsAreRefused() {
        byte[] zip = Forms.zip(Map.of("a.png", new byte[0], "b.txt", Multipart.text("x".repeat(1000))));
        byte[] noZip = {'P', 'K', 3, 4, 9, 9, 9, 9, 9};
        assertEquals(400, server.post("/images", "application/zip", Multipart.text("no zip")).status());
        assertEquals(400, server.post("/images", "application/zip", new byte[0]).status());
        for (byte[] broken : List.of(noZip, Arrays.copyOf(zip, zip.length / 3), Arrays.copyOf(zip, 40))) {
            List<String> lines = lines("application/zip", broken);
            assertTrue(lines.getLast().contains("\"stored\":0") || lines.getLast().contains("failed"), lines::toString);
            List<String> inForm = lines(Multipart.CONTENT_TYPE, new Forms().file("a.zip", null, broken).bytes());
            assertTrue(inForm.getLast().contains("\"stored\":0"), inForm::toString);
        }
    }

    @Test
    void tenThousandPartsAreEnoughAndMoreAreRefused() {
        Forms form = new Forms();
        for (int i = 0; i < 10_000; i++) {
            form.file(null, null, new byte[] {1});
        }
        List<String> lines = lines(Multipart.CONTENT_TYPE, form.bytes());
        assertTrue(lines.getLast().contains("\"refused\":10000"), lines.getLast());
        form.file(null, null, new byte[] {1});
        assertTrue(lines(Multipart.CONTENT_TYPE, form.bytes()).getLast().contains("more than 10000 parts"));
    }

    @Test
    void uploadOverTheLimitIs413() throws IOException {
        assertEquals(413, server.post("/images", Multipart.CONTENT_TYPE,
                new Forms().file("a.png", null, new byte[9 << 20]).bytes()).status());
        String request = String.join("\r\n", "POST /images HTTP/1.1", "Host: localhost", "Content-Type: application/zip",
                "Content-Length: 99999999999", "Connection: close", "", "");
        String answer = server.raw(request.getBytes(StandardCharsets.ISO_8859_1), true);
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
    }

    @Test
    void bodyThatIsNeitherFormNorZipIs415AndAnEmptyFormIs400() {
        assertEquals(415, server.post("/images", "image/png", PNG).status());
        assertEquals(415, server.post("/images", "application/json", Multipart.text("{}")).status());
        assertEquals(400, server.post("/images", Multipart.CONTENT_TYPE, new Forms().bytes()).status());
        assertEquals(400, server.post("/images", Multipart.CONTENT_TYPE, new Forms().field("caption", "x").bytes()).status());
        assertEquals(400, server.post("/images", "multipart/form-data", PNG).status());
        assertEquals(400, server.post("/images", Multipart.CONTENT_TYPE, Multipart.text("nothing sound")).status());
    }
}
