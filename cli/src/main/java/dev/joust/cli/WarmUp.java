// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;

import dev.joust.embed.ClipModel;
import dev.joust.http.JoustServer;
import dev.joust.http.ServerOptions;
import dev.joust.pictures.PictureLibrary;

/// Runs through commands on a table of its own. The build starts it once so that the archive of classes that
/// `bin/joust` starts from holds what commands need: without it, the first command ever run would decide.
public final class WarmUp {
    private WarmUp() {}

    /// @param args `plain` or `vector`: the commands that start without or with the Vector API
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("joust-warm-up");
        try {
            if (args[0].equals("vector")) {
                compute(folder);
            } else {
                read(folder);
            }
        } finally {
            deleteAll(folder);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void read(Path folder) throws IOException {
        String table = table(folder);
        run("--version");
        run("--help");
        run("info", table);
        run("info", table, "--json");
        run("schema", table);
        run("count", table);
        run("count", table, "-w", "id > 1 AND name LIKE 'a%'");
        run("head", table);
        run("scan", table, "--row-id", "--row-addr");
        run("take", table, "--rows", "1,0");
        run("versions", table);
        run("validate", table, "--deep");
        run("delete", table, "-w", "id = 2");
        for (String ending : List.of("arrow", "arrows", "csv", "json", "jsonl")) {
            run("export", table, "-o", folder.resolve("rows." + ending).toString());
        }
        run("import", folder.resolve("rows.arrow").toString(), table, "--mode", "append");
        run("info", folder.resolve("absent").toString());
        askForBucket();
        run("frobnicate");
    }

    /// A service that has no such bucket: enough to load what requests to S3 need.
    private static void askForBucket() throws IOException {
        byte[] answer = "<Error><Code>NoSuchBucket</Code></Error>".getBytes(StandardCharsets.US_ASCII);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(404, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
        run("count", "s3://bucket/table.lance", "--storage-option", "aws_endpoint=http://127.0.0.1:" + server.getAddress().getPort(),
                "--storage-option", "allow_http=true", "--storage-option", "aws_access_key_id=none",
                "--storage-option", "aws_secret_access_key=none");
        server.stop(0);
    }

    private static void compute(Path folder) throws IOException {
        String table = table(folder);
        run("search", table, "--vector", "[1,2]");
        run("embed", "--text", "a red star");
        String data = folder.resolve("data").toString();
        run("images", "search", "--data", folder.toString(), "a red star");
        try (ClipModel model = ClipModel.openDefault();
                PictureLibrary library = PictureLibrary.open(data, model);
                JoustServer server = JoustServer.start(library, ServerOptions.onPort(0))) {
            server.uri().toURL().openStream().close();
        }
    }

    private static String table(Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("a.csv"), "id,name,vector\n1,a,\"[1,2]\"\n2,,\"[3,4]\"\n");
        String table = folder.resolve("a.lance").toString();
        run("import", source.toString(), table);
        return table;
    }

    private static void run(String... arguments) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Main.run(arguments, new ByteArrayInputStream(new byte[0]), nowhere, nowhere);
    }

    private static void deleteAll(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> below = Files.walk(folder)) {
            files = below.toList();
        }
        for (Path file : files.reversed()) {
            Files.delete(file);
        }
    }
}
