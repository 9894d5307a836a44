// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.testdata.GoldenTables;

/// `bin/joust` as a process, on what the build has packaged.
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {
    private static final Path ROOT = Path.of(System.getProperty("joust.repository.root", "..")).toAbsolutePath().normalize();
    private static final Path LAUNCHER = ROOT.resolve("bin/joust");

    @TempDir
    Path folder;

    private record Ended(int exit, String out, String err) {}

    private Ended launch(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running");
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void runsFromAnywhereThroughASymlink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("j"), LAUNCHER);
        Path chain = Files.createSymbolicLink(folder.resolve("k"), Path.of("j"));
        Ended ended = launch(chain, Map.of(), "count", GoldenTables.named("indexed").table().toString());
        assertEquals(new Ended(0, "210\n", ""), ended);
        assertEquals(2, launch(link, Map.of(), "frobnicate").exit());
    }

    @Test
    void olderJavaIsSkipped() throws Exception {
        Path old = folder.resolve("old");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        Path java = Files.writeString(old.resolve("bin/java"), "#!/bin/sh\necho too old\nexit 9\n");
        assertTrue(java.toFile().setExecutable(true));
        Map<String, String> environment = Map.of(
                "JOUST_JAVA_HOME", old.toString(), "JAVA_HOME", old.toString(), "PATH", old.resolve("bin") + ":" + System.getenv("PATH"));
        Ended ended = launch(LAUNCHER, environment, "--version");
        assertEquals(0, ended.exit(), ended.err());
        assertTrue(ended.out().startsWith("joust "), ended.out());
    }

    @Test
    void unbuiltCheckoutSaysWhatToRun() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("checkout/bin"));
        Path copy = Files.copy(LAUNCHER, bin.resolve("joust"));
        Ended ended = launch(copy, Map.of(), "info", "x");
        assertEquals(3, ended.exit());
        assertEquals(1, ended.err().lines().count());
        assertTrue(ended.err().contains("not built yet") && ended.err().contains("quickstart"), ended.err());
    }

    @Test
    void archiveOfOtherJarsIsRefused() throws Exception {
        Path checkout = folder.resolve("checkout");
        Path target = Files.createDirectories(checkout.resolve("cli/target/lib"));
        Path copy = Files.copy(LAUNCHER, Files.createDirectories(checkout.resolve("bin")).resolve("joust"));
        try (var jars = Files.list(ROOT.resolve("cli/target/lib"))) {
            for (Path jar : jars.toList()) {
                Files.createSymbolicLink(target.resolve(jar.getFileName()), jar);
            }
        }
        Path jar = Files.copy(ROOT.resolve("cli/target/joust-cli.jar"), checkout.resolve("cli/target/joust-cli.jar"));
        assertEquals(0, launch(copy, Map.of(), "--version").exit());
        assertTrue(Files.exists(checkout.resolve("cli/target/joust-plain.jsa")));
        // As after a rebuild; the archive still holds the classes of before
        Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        Map<String, String> verbose = Map.of("JOUST_JAVA_OPTS", "-Xlog:class+load:file=" + folder.resolve("loaded"));
        Ended ended = launch(copy, verbose, "--version");
        assertEquals(0, ended.exit());
        String source = Files.readAllLines(folder.resolve("loaded")).stream()
                .filter(line -> line.contains(" dev.joust.cli.Main ")).findFirst().orElseThrow();
        assertTrue(source.contains("joust-cli.jar"), source);
    }

    @Test
    void serverAnswersAndStopsOnASignal() throws Exception {
        Path data = folder.resolve("data");
        Process server = new ProcessBuilder(LAUNCHER.toString(), "serve", "--port", "0", "--data", data.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            String line = new String(readLine(server), StandardCharsets.UTF_8);
            URI address = URI.create(line.substring(line.lastIndexOf("http://")).strip());
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<String> health = client.send(
                        HttpRequest.newBuilder(address.resolve("/healthz")).build(), HttpResponse.BodyHandlers.ofString());
                assertEquals(200, health.statusCode());
            }
            Ended second = launch(LAUNCHER, Map.of(), "serve", "--port", String.valueOf(address.getPort()), "--data", data.toString());
            assertEquals(3, second.exit(), second.err());
            assertTrue(second.err().contains("in use"), second.err());
        } finally {
            server.destroy();
        }
        assertTrue(server.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, server.exitValue());
    }

    private static byte[] readLine(Process process) throws IOException {
        var line = new java.io.ByteArrayOutputStream();
        for (int c = process.getInputStream().read(); c >= 0 && c != '\n'; c = process.getInputStream().read()) {
            line.write(c);
        }
        return line.toByteArray();
    }
}
