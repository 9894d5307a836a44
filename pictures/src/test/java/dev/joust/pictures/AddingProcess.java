// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.ClipModel;

/// A second process that adds pictures to a library and acknowledges each on its standard output.
final class AddingProcess implements AutoCloseable {
    private final Process process;
    /// Its output goes to a file, which outlives a kill; a pipe does not.
    private final Path output;
    private int position;

    private AddingProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /// Adds the variants `first` to `end - 1`, by several threads.
    static AddingProcess start(Path folder, int first, int end, int threadCount) throws IOException {
        Path output = Files.createTempFile("adding", ".txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx400m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        AddingProcess.class.getName(),
                        folder.toString(), "" + first, "" + end, "" + threadCount)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new AddingProcess(process, output);
    }

    public static void main(String[] args) throws InterruptedException {
        // Not System.out as it is: each line has to be with the parent before the next picture
        PrintStream acknowledged = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        AtomicInteger next = new AtomicInteger(Integer.parseInt(args[1]));
        int end = Integer.parseInt(args[2]);
        try (ClipModel model = ClipModel.openDefault();
                PictureLibrary library = PictureLibrary.open(args[0], model)) {
            acknowledged.println("READY");
            List<Thread> threads = java.util.stream.IntStream.range(0, Integer.parseInt(args[3]))
                    .mapToObj(_ -> Thread.ofPlatform().start(() -> {
                        for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
                            StoredPicture added = library.add(Variants.of(i));
                            acknowledged.println(added.status() + " " + added.id());
                        }
                    }))
                    .toList();
            for (Thread thread : threads) {
                thread.join();
            }
            acknowledged.println("DONE");
        }
    }

    /// The next whole line, as soon as there is one; null when the process has ended without another.
    @Nullable String line() throws IOException, InterruptedException {
        while (true) {
            boolean ended = !process.isAlive();
            byte[] bytes = Files.readAllBytes(output);
            for (int i = position; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    String line = new String(bytes, position, i - position, StandardCharsets.UTF_8);
                    position = i + 1;
                    return line;
                }
            }
            if (ended) {
                return null;
            }
            Thread.sleep(2);
        }
    }

    /// As `kill -9`.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() throws Exception {
        kill();
        Files.deleteIfExists(output);
    }
}
