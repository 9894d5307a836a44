// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/// As much of S3 as {@link WarmUp} needs to have commands load what they need for buckets: a bucket in memory that puts,
/// gets and lists, on a port of this machine, for one command at a time.
final class WarmUpBucket implements AutoCloseable {
    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final HttpServer server;

    WarmUpBucket() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /// How commands reach it.
    List<String> options() {
        return List.of(
                "--storage-option", "aws_endpoint=http://127.0.0.1:" + server.getAddress().getPort(),
                "--storage-option", "allow_http=true", "--storage-option", "aws_access_key_id=none",
                "--storage-option", "aws_secret_access_key=none");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String key = exchange.getRequestURI().getPath();
            String query = exchange.getRequestURI().getQuery();
            byte[] present = objects.get(key);
            switch (exchange.getRequestMethod()) {
                case "PUT" -> {
                    byte[] bytes = exchange.getRequestBody().readAllBytes();
                    boolean refused = present != null && exchange.getRequestHeaders().containsKey("If-None-Match");
                    if (!refused) {
                        objects.put(key, bytes);
                    }
                    send(exchange, refused ? 412 : 200, new byte[0]);
                }
                case "DELETE" -> {
                    objects.remove(key);
                    send(exchange, 204, new byte[0]);
                }
                default -> {
                    if (query != null && query.contains("list-type=2")) {
                        send(exchange, 200, listing(key, query));
                    } else if (present == null) {
                        send(exchange, 404, "<Error><Code>NoSuchKey</Code></Error>".getBytes(UTF_8));
                    } else {
                        sendRange(exchange, present);
                    }
                }
            }
        }
    }

    private byte[] listing(String bucket, String query) {
        String prefix = bucket + "/" + Arrays.stream(query.split("&"))
                .filter(part -> part.startsWith("prefix="))
                .map(part -> part.substring("prefix=".length()))
                .findFirst()
                .orElse("");
        StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
        objects.forEach((key, bytes) -> {
            if (key.startsWith(prefix)) {
                xml.append("<Contents><Key>").append(key.substring(bucket.length() + 1)).append("</Key><Size>").append(bytes.length)
                        .append("</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>");
            }
        });
        return xml.append("</ListBucketResult>").toString().getBytes(UTF_8);
    }

    private static void sendRange(HttpExchange exchange, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            send(exchange, 200, bytes);
            return;
        }
        String[] ends = range.substring("bytes=".length()).split("-", -1);
        int start = ends[0].isEmpty() ? Math.max(0, bytes.length - Integer.parseInt(ends[1])) : Integer.parseInt(ends[0]);
        int end = ends[0].isEmpty() || ends[1].isEmpty() ? bytes.length : (int) Math.min(bytes.length, Long.parseLong(ends[1]) + 1);
        exchange.getResponseHeaders().set("Content-Range", "bytes " + start + "-" + (end - 1) + "/" + bytes.length);
        send(exchange, 206, Arrays.copyOfRange(bytes, start, end));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean isEmpty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, isEmpty ? -1 : body.length);
        if (!isEmpty) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
