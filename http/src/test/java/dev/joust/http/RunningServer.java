// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.joust.embed.ClipModel;
import dev.joust.pictures.LibraryOptions;
import dev.joust.pictures.PictureLibrary;

/// A real server on a free port, over a library in `dataUri`, and a client for it. Thread-safe.
public final class RunningServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClipModel model = ClipModel.openDefault();
    private final PictureLibrary library;
    private final JoustServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    public RunningServer(String dataUri, UnaryOperator<ServerOptions> options) throws IOException {
        this(dataUri, options, LibraryOptions.DEFAULT);
    }

    /// @param libraryOptions with the models of further columns, which stay the caller's to close
    public RunningServer(String dataUri, UnaryOperator<ServerOptions> options, LibraryOptions libraryOptions)
            throws IOException {
        library = PictureLibrary.open(dataUri, Map.of(), model, libraryOptions);
        server = JoustServer.start(library, options.apply(ServerOptions.onPort(0)));
    }

    /// An answer whose body is JSON.
    public record Answer(int status, JsonNode body, HttpResponse<byte[]> response) {
        public String error() {
            return body.path("error").asText("");
        }
    }

    /// What is served.
    public PictureLibrary library() {
        return library;
    }

    int port() {
        return server.port();
    }

    public URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + server.port() + pathAndQuery);
    }

    public Answer get(String pathAndQuery) {
        return json(send(HttpRequest.newBuilder(uri(pathAndQuery)).build()));
    }

    public Answer upload(byte[] picture) {
        return post("/vectorize_and_store", Multipart.CONTENT_TYPE, Multipart.file("file", "a", picture));
    }

    /// Many pictures in one request; all of them must be taken.
    public void uploadAll(Forms pictures) {
        HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(uri("/images"))
                .header("Content-Type", Multipart.CONTENT_TYPE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(pictures.bytes()))
                .build());
        String lines = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.statusCode() != 200 || !lines.contains("\"done\"") || lines.contains("\"refused\",")) {
            throw new IllegalStateException(lines);
        }
    }

    public Answer post(String pathAndQuery, String contentType, byte[] body) {
        return json(send(HttpRequest.newBuilder(uri(pathAndQuery))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build()));
    }

    HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Sends bytes as they are, for requests that no client library would make, and gives all that comes back.
    String raw(byte[] request, boolean endOutput) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            if (endOutput) {
                socket.shutdownOutput();
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
    }

    /// Sends pieces on one connection, each a while after the one before, and gives all that comes back.
    String raw(byte[]... pieces) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            for (byte[] piece : pieces) {
                socket.getOutputStream().write(piece);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    static Answer json(HttpResponse<byte[]> response) {
        try {
            return new Answer(response.statusCode(), JSON.readTree(response.body()), response);
        } catch (IOException e) {
            throw new UncheckedIOException(new String(response.body(), StandardCharsets.UTF_8), e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
        library.close();
        model.close();
    }
}
