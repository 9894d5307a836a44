// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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
        askBucket(folder, "head");
        run("frobnicate");
    }

    /// What requests to S3 need: a table there is made, read and searched.
    private static void askBucket(Path folder, String command, String... more) throws IOException {
        try (WarmUpBucket bucket = new WarmUpBucket()) {
            runOn(bucket, "import", folder.resolve("a.csv").toString(), "s3://bucket/a.lance");
            runOn(bucket, Stream.concat(Stream.of(command, "s3://bucket/a.lance"), Stream.of(more)).toArray(String[]::new));
            runOn(bucket, "count", "s3://bucket/absent.lance");
        }
    }

    private static void runOn(WarmUpBucket bucket, String... arguments) {
        run(Stream.concat(Stream.of(arguments), bucket.options().stream()).toArray(String[]::new));
    }

    private static void compute(Path folder) throws IOException {
        String table = table(folder);
        run("search", table, "--vector", "[1,2]");
        askBucket(folder, "search", "--vector", "[1,2]");
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
