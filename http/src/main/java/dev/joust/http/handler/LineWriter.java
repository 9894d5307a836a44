// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.LinkedBlockingQueue;

import org.jspecify.annotations.Nullable;

import dev.joust.http.json.JsonBody;

/// Writes JSON lines from a thread of its own, as fast as the client takes them. Those it does not take wait in memory:
/// browsers read no answer before they have sent their whole request, so a server that waited for them would wait for
/// ever. Requests are limited to so many pictures that their lines are few megabytes. Thread-safe.
final class LineWriter implements AutoCloseable {
    private static final byte[] END = {};

    private final OutputStream out;
    private final LinkedBlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile @Nullable IOException failure;

    /// @param out stays the caller's
    LineWriter(OutputStream out) {
        this.out = out;
        thread = Thread.ofVirtual().name("joust-lines").start(this::writeAll);
    }

    /// @throws UncheckedIOException once the client has gone
    void write(JsonBody line) {
        IOException broken = failure;
        if (broken != null) {
            throw new UncheckedIOException(broken);
        }
        lines.add(line.toBytes());
    }

    boolean isBroken() {
        return failure != null;
    }

    private void writeAll() {
        try {
            while (true) {
                ByteArrayOutputStream ready = new ByteArrayOutputStream();
                byte[] line = lines.take();
                while (line != null && line != END) {
                    ready.writeBytes(line);
                    line = lines.poll();
                }
                if (ready.size() > 0) {
                    out.write(ready.toByteArray());
                }
                if (line == END) {
                    return;
                }
            }
        } catch (IOException e) {
            failure = e;
            lines.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until the client has taken everything.
    ///
    /// @throws IOException if it has gone
    @Override
    public void close() throws IOException {
        lines.add(END);
        try {
            thread.join();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        IOException broken = failure;
        if (broken != null) {
            throw broken;
        }
    }
}
