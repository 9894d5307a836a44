// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/// As much of S3 as one object at a time needs, on a port of this machine, that fails as a plan says and keeps every request.
/// Uploads in parts begin and are given up; they come to nothing.
/// Knows nothing of signatures.
final class TinyS3 implements AutoCloseable {
    /// What happens to one request.
    sealed interface Fault {
        /// Nothing.
        record None() implements Fault {}

        /// It is not done, and the connection closed.
        record Drop() implements Fault {}

        /// It is done, and the connection closed.
        record LoseAnswer() implements Fault {}

        /// The answer ends after so many bytes of its body.
        record Cut(int sizeBytes) implements Fault {}

        /// It is not done, and answered so.
        record Refuse(int status, String code, Map<String, String> headers) implements Fault {
            Refuse(int status, String code) {
                this(status, code, Map.of());
            }
        }
    }

    /// @param path  with the query, as sent
    /// @param bytes of the body
    record Request(int number, String method, String path, Map<String, String> headers, byte[] bytes) {}

    /// What the service makes of `If-None-Match: *`.
    enum Conditions {
        KEPT,
        IGNORED,
        REFUSED
    }

    static final Fault NONE = new Fault.None();

    final List<Request> requests = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    volatile Function<Request, Fault> plan = _ -> NONE;
    volatile Conditions conditions = Conditions.KEPT;
    private final HttpServer server;
    private int requestCount;

    TinyS3() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// A store on it that is quick to give up.
    S3ObjectStore store(String uri, Map<String, String> more) {
        Map<String, String> options = new TreeMap<>(Map.of(
                "endpoint", endpoint(), "allow_http", "true", "access_key_id", "AKIDSECRET", "secret_access_key", "KEYSECRET",
                "timeout", "5s"));
        options.putAll(more);
        return S3ObjectStore.open(URI.create(uri), S3Options.of(options, _ -> null));
    }

    S3ObjectStore store() {
        return store("s3://b/t", Map.of());
    }

    /// How many requests of that method for a key that ends so.
    long count(String method, String end) {
        return requests.stream()
                .filter(request -> request.method().equals(method) && request.path().split("\\?", 2)[0].endsWith(end))
                .count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange; InputStream body = exchange.getRequestBody()) {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
            Request request = new Request(
                    next(), exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body.readAllBytes());
            requests.add(request);
            switch (plan.apply(request)) {
                case Fault.None _ -> answer(exchange, request, Integer.MAX_VALUE);
                case Fault.Drop _ -> {} // closed without an answer, the connection is, too
                case Fault.LoseAnswer _ -> change(request);
                case Fault.Cut(int sizeBytes) -> answer(exchange, request, sizeBytes);
                case Fault.Refuse(int status, String code, Map<String, String> more) -> {
                    more.forEach(exchange.getResponseHeaders()::set);
                    send(exchange, request, status, error(code));
                }
            }
        }
    }

    private synchronized int next() {
        return ++requestCount;
    }

    private void answer(HttpExchange exchange, Request request, int mostBytes) throws IOException {
        if (request.path().contains("?session") || request.path().contains("session=")) {
            send(exchange, request, 200, ("<CreateSessionResult><Credentials><SessionToken>SESSIONSECRET</SessionToken>"
                            + "<SecretAccessKey>S2</SecretAccessKey><AccessKeyId>A2</AccessKeyId>"
                            + "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>")
                    .getBytes(UTF_8));
            return;
        }
        if (request.path().contains("list-type=2")) {
            send(exchange, request, 200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>".getBytes(UTF_8));
            return;
        }
        if (request.method().equals("POST") && request.path().contains("uploads")) {
            send(exchange, request, 200, ("<InitiateMultipartUploadResult><UploadId>" + request.number()
                    + "</UploadId></InitiateMultipartUploadResult>").getBytes(UTF_8));
            return;
        }
        int status = change(request);
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            send(exchange, request, status, status < 300 ? new byte[0] : error(status == 412 ? "PreconditionFailed" : "NotImplemented"));
            return;
        }
        byte[] bytes = objects.get(key(request));
        if (bytes == null) {
            send(exchange, request, 404, error("NoSuchKey"));
            return;
        }
        String eTag = "\"" + HexFormat.of().toHexDigits(Arrays.hashCode(bytes)) + "\"";
        if (request.headers().containsKey("If-Match") && !request.headers().get("If-Match").equals(eTag)) {
            send(exchange, request, 412, error("PreconditionFailed"));
            return;
        }
        exchange.getResponseHeaders().set("ETag", eTag);
        exchange.getResponseHeaders().set("Last-Modified", "Sat, 21 Nov 2026 10:00:00 GMT");
        get(exchange, request, bytes, mostBytes);
    }

    private static void get(HttpExchange exchange, Request request, byte[] bytes, int mostBytes) throws IOException {
        int start = 0;
        int end = bytes.length;
        String range = request.headers().get("Range");
        if (range != null) {
            String[] ends = range.substring("bytes=".length()).split("-", -1);
            start = ends[0].isEmpty() ? Math.max(0, end - Integer.parseInt(ends[1])) : Integer.parseInt(ends[0]);
            end = ends[0].isEmpty() || ends[1].isEmpty() ? end : (int) Math.min(end, Long.parseLong(ends[1]) + 1);
            if (start >= end) {
                send(exchange, request, 416, error("InvalidRange"));
                return;
            }
            exchange.getResponseHeaders().set("Content-Range", "bytes " + start + "-" + (end - 1) + "/" + bytes.length);
        }
        if (request.method().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(end - start));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, end == start ? -1 : end - start);
        int sentBytes = Math.min(mostBytes, end - start);
        exchange.getResponseBody().write(bytes, start, sentBytes);
        exchange.getResponseBody().flush();
        if (sentBytes < end - start) {
            throw new IOException("cut short");
        }
    }

    /// @return the status
    private int change(Request request) {
        String key = key(request);
        if (request.method().equals("DELETE")) {
            objects.remove(key);
            return 204;
        }
        if (!request.method().equals("PUT") || request.path().contains("uploadId=")) {
            return 200;
        }
        boolean isConditional = "*".equals(request.headers().get("If-None-Match"));
        if (isConditional && conditions == Conditions.REFUSED) {
            return 501;
        }
        if (isConditional && conditions == Conditions.KEPT) {
            return objects.putIfAbsent(key, request.bytes()) == null ? 200 : 412;
        }
        objects.put(key, request.bytes());
        return 200;
    }

    private static String key(Request request) {
        return URI.create(request.path()).getPath();
    }

    private static byte[] error(String code) {
        return ("<Error><Code>" + code + "</Code><Message>as planned</Message></Error>").getBytes(UTF_8);
    }

    private static void send(HttpExchange exchange, Request request, int status, byte[] bytes) throws IOException {
        boolean empty = bytes.length == 0 || request.method().equals("HEAD");
        exchange.sendResponseHeaders(status, empty ? -1 : bytes.length);
        if (!empty) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
