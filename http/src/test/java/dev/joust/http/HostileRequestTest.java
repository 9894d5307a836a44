// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever comes in, the caller's mistakes are 4xx with a reason, nothing of ours leaks, and the server goes on.
class HostileRequestTest {
    private static final int LIMIT_BYTES = 256 << 10;
    private static final byte[] PICTURE = Drawings.circle(1, "png");
    private static final String NO_SUCH_PICTURE = "/images/" + "0".repeat(64) + ".png";

    @TempDir
    static Path data;

    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new RunningServer(data.resolve("data").toString(), options -> options.withMaxBodyBytes(LIMIT_BYTES));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void serverStillWorksAndHoldsNothing() {
        assertEquals(200, server.get("/healthz").status());
        assertEquals(0, server.get("/stats").body().get("rowCount").asInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/search", "/search?text=", "/search?text=%20%09", "/search?k=3", "/search?text=star&k=0", "/search?text=star&k=-1",
        "/search?text=star&k=1001", "/search?text=star&k=99999999999999999999", "/search?text=star&k=ten", "/search?text=star&k=",
        "/search?text=star&k=1.5", "/search?text=star&text=moon", "/search?text=%", "/search?text=%zz", "/search?text=%ff%fe",
        "/search?text=a%C3"
    })
    void badQueryIs400(String pathAndQuery) throws IOException {
        // By hand: client libraries refuse some of these
        String answer = server.raw(get(pathAndQuery), false);
        assertRefused(400, answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/images/../images.lance/_versions", "/images/..%2fimages.lance", "/images/%2e%2e/%2e%2e/etc/passwd", "/../../etc/passwd",
        "/images/..%5c..%5cwindows", "/images/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/images/..;/x", "/images/./x", "//etc/passwd",
        "/images/%00.png", "/images/x%0d%0aSet-Cookie:a=b"
    })
    void climbingPathIsRefused(String path) throws IOException {
        String answer = server.raw(get(path), false);
        int status = statusOf(answer);
        assertTrue(status == 400 || status == 404, answer);
        assertFalse(answer.contains("root:") || answer.contains("Set-Cookie: "), answer);
        assertRefused(status, answer);
        assertRefused(statusOf(server.raw(get(path, "DELETE"), false)), server.raw(get(path, "DELETE"), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/images/a.png", "/images/images.lance", "/nothing", "/index.html", "/page/", "/page/..", "/.git/config",
        "/v1/table/", "/images/" + "A0" + ".png", "/search/more"
    })
    void unknownPathIsRefused(String path) throws IOException {
        String answer = server.raw(get(path), false);
        assertTrue(statusOf(answer) == 404 || statusOf(answer) == 400, answer);
        assertRefused(statusOf(answer), answer);
    }

    @Test
    void missingPictureIs404() {
        assertEquals(404, server.get(NO_SUCH_PICTURE).status());
        assertEquals(404, server.send(HttpRequest.newBuilder(server.uri(NO_SUCH_PICTURE)).DELETE().build()).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT /search", "DELETE /search", "GET /vectorize_and_store", "POST /stats", "POST /", "PATCH /images/x.png",
        "OPTIONS /search", "POST /healthz", "TRACE /", "BREW /"})
    void wrongMethodIs405AndNamesTheRightOnes(String methodAndPath) throws IOException {
        String[] parts = methodAndPath.split(" ");
        String answer = server.raw(get(parts[1], parts[0]), false);
        assertRefused(405, answer);
        assertTrue(answer.contains("\r\nAllow: "), answer);
    }

    @Test
    void bodyThatIsNoFormIs415() {
        assertReason(415, server.post("/vectorize_and_store", "application/json", Multipart.text("{\"file\":1}")));
        assertReason(415, server.post("/vectorize_and_store", "image/png", PICTURE));
        assertReason(415, server.post("/search", "application/x-www-form-urlencoded", Multipart.text("file=x")));
        assertReason(415, server.post("/search", "multipart/form-dataX; boundary=a", PICTURE));
    }

    @Test
    void formWithoutTheFieldIs400() {
        assertReason(400, server.post("/vectorize_and_store", Multipart.CONTENT_TYPE, Multipart.file("picture", "a.png", PICTURE)));
        assertReason(400, server.post("/search?k=3", Multipart.CONTENT_TYPE, Multipart.file("picture", "a.png", PICTURE)));
    }

    @Test
    void emptyFileIs400() {
        assertReason(400, server.upload(new byte[0]));
    }

    @Test
    void brokenFormIs400() {
        byte[] whole = Multipart.file("file", "a.png", PICTURE);
        assertReason(400, server.post("/vectorize_and_store", "multipart/form-data", whole));
        assertReason(400, server.post("/vectorize_and_store", "multipart/form-data; boundary=", whole));
        assertReason(400, server.post("/vectorize_and_store", "multipart/form-data; boundary=other", whole));
        assertReason(400, server.post("/vectorize_and_store", Multipart.CONTENT_TYPE, new byte[0]));
        assertReason(400, server.post("/vectorize_and_store", Multipart.CONTENT_TYPE, Multipart.text("no boundary at all")));
        assertReason(400, server.post("/vectorize_and_store", Multipart.CONTENT_TYPE, Arrays.copyOf(whole, whole.length - 20)));
        assertReason(400, server.post("/vectorize_and_store", Multipart.CONTENT_TYPE, Arrays.copyOf(whole, 60)));
        assertReason(400, server.post("/vectorize_and_store", Multipart.CONTENT_TYPE,
                Multipart.text("--" + Multipart.BOUNDARY + "\r\n" + "A: b\r\n".repeat(5000) + "\r\nx\r\n--" + Multipart.BOUNDARY + "--\r\n")));
        StringBuilder manyParts = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            manyParts.append("--" + Multipart.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"f" + i + "\"\r\n\r\nx\r\n");
        }
        assertReason(400, server.post("/vectorize_and_store", Multipart.CONTENT_TYPE,
                Multipart.text(manyParts + "--" + Multipart.BOUNDARY + "--\r\n")));
    }

    @Test
    void whatIsNoPictureIs400() {
        byte[] randomAfterMagic = new byte[5000];
        new java.util.Random(7).nextBytes(randomAfterMagic);
        randomAfterMagic[0] = (byte) 0xff;
        randomAfterMagic[1] = (byte) 0xd8;
        randomAfterMagic[2] = (byte) 0xff;
        for (byte[] file : new byte[][] {
            Multipart.text("hello"), Multipart.text("<svg xmlns='http://www.w3.org/2000/svg'/>"), Multipart.text("%PDF-1.7"),
            {(byte) 0xff, (byte) 0xd8, (byte) 0xff}, {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}, new byte[1000],
            randomAfterMagic
        }) {
            assertReason(400, server.upload(file));
            assertReason(400, server.post("/search", Multipart.CONTENT_TYPE, Multipart.file("file", "a", file)));
        }
    }

    @Test
    void pictureCutShortIs400() {
        for (String format : new String[] {"png", "jpg"}) {
            byte[] whole = Drawings.circle(9, format);
            for (int size : new int[] {30, whole.length / 2, whole.length - 12}) {
                assertReason(400, server.upload(Arrays.copyOf(whole, size)));
            }
        }
    }

    @Test
    void absurdDimensionsAre400() {
        for (int side : new int[] {100_000, Integer.MAX_VALUE, 0, -1}) {
            byte[] bomb = PICTURE.clone();
            java.nio.ByteBuffer.wrap(bomb).putInt(16, side).putInt(20, side);
            java.util.zip.CRC32 crc = new java.util.zip.CRC32();
            crc.update(bomb, 12, 17);
            java.nio.ByteBuffer.wrap(bomb).putInt(29, (int) crc.getValue());
            assertReason(400, server.upload(bomb));
        }
    }

    @Test
    void bodyOverTheLimitIs413() throws IOException {
        byte[] tooLong = Multipart.file("file", "a.png", new byte[LIMIT_BYTES]);
        assertReason(413, server.post("/vectorize_and_store", Multipart.CONTENT_TYPE, tooLong));
        assertReason(413, server.post("/search", Multipart.CONTENT_TYPE, tooLong));
        // Without a length told beforehand
        HttpResponse<byte[]> chunked = server.send(HttpRequest.newBuilder(server.uri("/vectorize_and_store"))
                .header("Content-Type", Multipart.CONTENT_TYPE)
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(tooLong)))
                .build());
        assertEquals(413, chunked.statusCode());
        // With a length that nobody would wait for
        assertRefused(413, server.raw(head("POST", "/vectorize_and_store",
                "Content-Type: " + Multipart.CONTENT_TYPE + "\r\nContent-Length: 99999999999\r\n"), true));
        assertRefused(413, server.raw(head("POST", "/vectorize_and_store",
                "Content-Type: " + Multipart.CONTENT_TYPE + "\r\nContent-Length: 999999\r\nExpect: 100-continue\r\n"), false));
    }

    /// Bodies that are announced and never come take no turn from those that do.
    @ParameterizedTest
    @ValueSource(strings = {"/images", "/search"})
    void silentClientsDoNotKeepOthersWaiting(String path) throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 80; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                silent.add(socket);
                socket.getOutputStream().write(head("POST", path,
                        "Content-Type: " + Multipart.CONTENT_TYPE + "\r\nContent-Length: " + LIMIT_BYTES + "\r\n"));
            }
            // Whoever cannot get a turn is told so (503) after a while
            assertEquals(path.equals("/search") ? 200 : 400,
                    server.post(path, Multipart.CONTENT_TYPE, path.equals("/search")
                            ? Multipart.file("file", "a.png", PICTURE) : new Forms().bytes()).status());
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void encodedBodyIs415() {
        HttpRequest gzip = HttpRequest.newBuilder(server.uri("/search"))
                .header("Content-Type", Multipart.CONTENT_TYPE)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Multipart.file("file", "a.png", PICTURE)))
                .build();
        assertReason(415, RunningServer.json(server.send(gzip)));
    }

    @Test
    void fieldsOfAFormThatSearchesAreOnlyTheFile() {
        assertReason(400, server.post("/search", Multipart.CONTENT_TYPE,
                new Forms().field("text", "a star").file("a.png", null, PICTURE).bytes()));
        assertReason(400, server.post("/search", Multipart.CONTENT_TYPE,
                new Forms().field("note", "1").field("note", "2").file("a.png", null, PICTURE).bytes()));
        assertReason(400, server.post("/search", Multipart.CONTENT_TYPE,
                new Forms().file("a.png", null, PICTURE).file("b.png", null, PICTURE).bytes()));
    }

    /// What RFC 7578 and RFC 2046 allow, and what clients make of them.
    @ParameterizedTest
    @ValueSource(strings = {
        "multipart/form-data; boundary=B", "Multipart/Form-Data; BOUNDARY=B", "multipart/form-data; boundary=\"B\"",
        "multipart/form-data;charset=utf-8;boundary=B", "multipart/form-data; boundary=\"\\B\"; x=y"
    })
    void formsComeInManyShapes(String contentType) {
        for (String disposition : List.of("name=\"file\"", "name=file; filename=a.png", "name=\"file\"; filename=\"a;b=c.png\"",
                "filename=\"a.png\"; name=\"file\"", "name=\"file\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.png", "name=\"file\"; filename=\"größe ☆.png\"")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(Multipart.text("preamble\r\n--B\r\n\r\na part without a head\r\n--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n"
                    + "--B\r\ncontent-disposition: form-data; " + disposition + "\r\n\r\n"));
            body.writeBytes(PICTURE);
            body.writeBytes(Multipart.text("\r\n--B--"));
            RunningServer.Answer found = server.post("/search", contentType, body.toByteArray());
            assertEquals(200, found.status(), () -> disposition + ": " + found.error());
        }
    }

    @Test
    void unsoundNameOfAFileIsSaidSo() {
        for (String disposition : List.of("name=\"file\"; filename*=UTF-8''%zz.png", "name=\"file\"; filename=\"a.png")) {
            byte[] body = Multipart.text("--B\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\nx\r\n--B--\r\n");
            RunningServer.Answer refused = server.post("/search", "multipart/form-data; boundary=B", body);
            assertReason(400, refused);
            assertTrue(refused.error().contains("name of a file"), refused.error());
        }
    }

    @Test
    void lengthMayBeUntoldAndTheBodyHeldBackUntilItIsWanted() throws IOException {
        byte[] body = Multipart.file("file", "a.png", PICTURE);
        ByteArrayOutputStream chunked = new ByteArrayOutputStream();
        chunked.writeBytes(head("POST", "/search", "Content-Type: " + Multipart.CONTENT_TYPE + "\r\nTransfer-Encoding: chunked\r\n"));
        for (int start = 0; start < body.length; start += 100) {
            int count = Math.min(100, body.length - start);
            chunked.writeBytes(Multipart.text(Integer.toHexString(count) + "\r\n"));
            chunked.write(body, start, count);
            chunked.writeBytes(Multipart.text("\r\n"));
        }
        chunked.writeBytes(Multipart.text("0\r\n\r\n"));
        assertEquals(200, statusOf(server.raw(chunked.toByteArray(), false)));
        byte[] head = head("POST", "/search", "Content-Type: " + Multipart.CONTENT_TYPE
                + "\r\nExpect: 100-continue\r\nContent-Length: " + body.length + "\r\n");
        String answers = server.raw(head, body);
        assertEquals(100, statusOf(answers));
        assertTrue(answers.contains("HTTP/1.1 200 "), answers);
        assertRefused(400, server.raw(head("POST", "/search", "Content-Type: " + Multipart.CONTENT_TYPE + "\r\n"), false));
        assertRefused(417, server.raw(head("POST", "/search", "Expect: the best\r\nContent-Length: 1\r\n"), false));
    }

    @Test
    void connectionIsKeptAfterARefusal() throws IOException {
        String keep = " HTTP/1.1\r\nHost: localhost\r\n";
        byte[] refused = Multipart.text("GET /nope" + keep + "\r\nGET /search?text=" + keep + "\r\nPOST /search" + keep
                + "Content-Length: 3\r\n\r\nabcDELETE " + NO_SUCH_PICTURE + keep + "\r\n");
        String answers = server.raw(refused, get("/healthz"));
        assertEquals(5, answers.split("HTTP/1.1 ", -1).length - 1, answers);
        assertTrue(answers.contains("\"ok\""), answers);
    }

    /// A client that keeps its connection would otherwise send the next request into one that the server closes.
    @ParameterizedTest
    @ValueSource(strings = {"POST /no/such/page", "POST /healthz", "PUT /vectorize_and_store", "GET /healthz"})
    void bodyThatNobodyWantedIsTakenInBeforeTheNextRequest(String methodAndPath) throws IOException {
        String refused = methodAndPath + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n";
        String answers = server.raw(refused.getBytes(StandardCharsets.ISO_8859_1), new byte[300_000], get("/healthz"));
        assertEquals(2, answers.split("HTTP/1.1 ", -1).length - 1, answers);
        assertTrue(answers.contains("\"ok\""), answers);
    }

    @Test
    void bodyThatEndsEarlyStoresNothing() throws IOException {
        byte[] body = Multipart.file("file", "a.png", PICTURE);
        byte[] head = head("POST", "/vectorize_and_store",
                "Content-Type: " + Multipart.CONTENT_TYPE + "\r\nContent-Length: " + body.length + "\r\n");
        byte[] cut = Arrays.copyOf(head, head.length + body.length / 2);
        System.arraycopy(body, 0, cut, head.length, body.length / 2);
        String answer = server.raw(cut, true);
        assertTrue(answer.isEmpty() || statusOf(answer) == 400, answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "NONSENSE\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST /search HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
        "POST /search HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
        "POST /search HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: multipart/form-data; boundary=x\r\nConnection: close\r\n\r\nzz\r\n\r\n",
        "GET /search?text=a\u0001b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    })
    void brokenHttpIsRefusedInOurWords(String request) throws IOException {
        String answer = server.raw(request.getBytes(StandardCharsets.ISO_8859_1), false);
        int status = statusOf(answer);
        assertTrue((status >= 400 && status < 500) || status == 505, answer);
        assertNothingLeaks(answer);
        assertTrue(answer.contains("{\"error\":"), answer);
    }

    @Test
    void tooLongUrlAndHeadersAreRefused() throws IOException {
        String longUrl = server.raw(get("/search?text=" + "a".repeat(20_000)), false);
        assertRefused(414, longUrl);
        String longHeader = server.raw(head("GET", "/", "X-A: " + "a".repeat(20_000) + "\r\n"), false);
        assertRefused(431, longHeader);
        assertRefused(400, server.raw(get("/search?text=" + "a".repeat(3000)), false));
    }

    @Test
    void otherSitesMayNotChangeAnything() throws IOException {
        assertRefused(403, server.raw(head("DELETE", NO_SUCH_PICTURE, "Sec-Fetch-Site: cross-site\r\n"), false));
    }

    private static byte[] get(String path) {
        return get(path, "GET");
    }

    private static byte[] get(String path, String method) {
        return head(method, path, "");
    }

    private static byte[] head(String method, String path, String headers) {
        return (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int statusOf(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 "), answer);
        return Integer.parseInt(answer.substring(9, 12));
    }

    private static void assertRefused(int status, String answer) {
        assertEquals(status, statusOf(answer), answer);
        assertTrue(status >= 400 && status < 500, answer);
        assertTrue(answer.contains("{\"error\":\""), answer);
        assertNothingLeaks(answer);
    }

    private static void assertReason(int status, RunningServer.Answer answer) {
        assertEquals(status, answer.status(), answer::error);
        assertFalse(answer.error().isBlank());
        assertEquals(1, answer.body().size());
        assertNothingLeaks(answer.error());
    }

    private static void assertNothingLeaks(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        assertFalse(lower.contains("exception") || lower.contains("at dev.") || lower.contains("jetty")
                || text.contains(data.toString()), text);
    }
}
