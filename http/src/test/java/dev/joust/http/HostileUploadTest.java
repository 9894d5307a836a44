// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files made to do harm (`src/test/hostile/make_hostile.py`), each posted to a running server: it is told why it is
/// not taken, nothing of it stays, and the server goes on.
@Timeout(60)
class HostileUploadTest {
    private static final Map<String, byte[]> FILES = read();

    @TempDir
    static Path folder;

    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new RunningServer(folder.resolve("data").toString(), options -> options);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Map<String, byte[]> read() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (InputStream in = HostileUploadTest.class.getResourceAsStream("hostile.zip");
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    static Stream<String> names() {
        return FILES.keySet().stream();
    }

    private static RunningServer.Answer post(byte[] file) {
        // A name that promises nothing, so that the bytes alone are judged
        return server.post("/vectorize_and_store", Multipart.CONTENT_TYPE, Multipart.file("file", "upload", file));
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachIsRefusedWithAReasonAndLeavesNothing(String name) throws IOException {
        RunningServer.Answer answer = post(FILES.get(name));
        assertTrue(answer.status() >= 400 && answer.status() < 500, answer.status() + ": " + answer.error());
        assertTrue(answer.error().length() > 10, answer.error());
        String lower = answer.error().toLowerCase(Locale.ROOT);
        assertFalse(lower.contains("exception") || lower.contains("javax.") || lower.contains("twelvemonkeys")
                || answer.error().contains(folder.toString()), answer.error());
        assertEquals(0, server.get("/stats").body().get("rowCount").asInt());
        assertEquals(List.of(), filesLeft());
    }

    /// With a good picture behind them.
    @ParameterizedTest
    @ValueSource(strings = {
        "../../etc/passwd.png", "..\\\\..\\\\windows.png", "/etc/cron.d/job.png", "C:\\\\boot.png", "a/b.png", "..", "a\u0000.png",
        "a\r\nX-Injected: yes.png", "a\nb.png", "\u001b[31mred.png", "a%0D%0Ab.png", "\u202egnp.exe.png", "a\u0085b.png", "a\u007f.png",
        "a\u2028b.png", "picture.exe", "picture.html", "picture.php", "picture.zip"
    })
    void aNameThatNoHonestFileHasIsRefused(String fileName) throws IOException {
        RunningServer.Answer answer = server.post("/vectorize_and_store", Multipart.CONTENT_TYPE,
                Multipart.file("file", fileName, Drawings.circle(1, "png")));
        assertTrue(answer.status() >= 400 && answer.status() < 500, answer.status() + ": " + answer.error());
        assertTrue(answer.error().length() > 10 && answer.error().chars().noneMatch(Character::isISOControl), answer.error());
        assertEquals(List.of(), filesLeft());
    }

    @Test
    void aNameThatIsEncodedIsLookedAtDecoded() throws IOException {
        byte[] form = Multipart.file("file", "a.png", Drawings.circle(1, "png"));
        String encoded = new String(form, StandardCharsets.ISO_8859_1)
                .replace("filename=\"a.png\"", "filename*=UTF-8''..%2F..%2Fetc%2Fpasswd.png");
        RunningServer.Answer answer = server.post(
                "/vectorize_and_store", Multipart.CONTENT_TYPE, encoded.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(400, answer.status(), answer.error());
        assertEquals(List.of(), filesLeft());
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/jpeg", "image/gif", "text/html", "application/zip", "image/svg+xml"})
    void aTypeThatTheBytesContradictIsRefused(String type) throws IOException {
        byte[] form = Multipart.file("file", "upload", Drawings.circle(1, "png"));
        String declared = new String(form, StandardCharsets.ISO_8859_1).replace("application/octet-stream", type);
        RunningServer.Answer answer = server.post(
                "/vectorize_and_store", Multipart.CONTENT_TYPE, declared.getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(answer.status() >= 400 && answer.status() < 500, answer.status() + ": " + answer.error());
        assertEquals(List.of(), filesLeft());
    }

    private static List<Path> filesLeft() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void thereAreManyAndSomeOfEachDanger() {
        assertTrue(FILES.size() >= 40, FILES.size() + " files");
        for (String danger : List.of("wrong", "cut", "bomb", "exif", "polyglot", "damaged")) {
            assertTrue(names().anyMatch(name -> name.startsWith(danger + "/")), danger);
        }
    }
}
