// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.joust.http.Forms;
import dev.joust.http.RunningServer;

/// One server with demo pictures for all classes that leave its collection as it was. Started when it is first asked for.
final class DemoServer implements AutoCloseable {
    private @Nullable Path folder;
    private @Nullable RunningServer server;

    /// Running, and holding so many pictures.
    RunningServer get(List<Path> pictures) throws IOException {
        RunningServer running = server;
        if (running == null) {
            folder = Files.createTempDirectory("joust-demo-");
            running = new RunningServer(folder.toString(), UnaryOperator.identity());
            server = running;
            Forms upload = new Forms();
            for (Path picture : pictures) {
                upload.file(null, null, Files.readAllBytes(picture));
            }
            running.uploadAll(upload);
        }
        return running;
    }

    @Override
    public void close() {
        if (server == null || folder == null) {
            return;
        }
        server.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
