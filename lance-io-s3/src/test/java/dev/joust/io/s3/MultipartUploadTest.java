// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.io.ObjectPath;

/// What becomes of an upload whose thread is interrupted while its next part waits for room.
class MultipartUploadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TinyS3 service = new TinyS3();
    private final S3Options options = S3Options.of(
            Map.of("endpoint", service.endpoint(), "allow_http", "true", "access_key_id", "A", "secret_access_key", "K"), _ -> null);
    private final S3Connection connection = S3Connection.open(options, S3Clients.create(options));

    @AfterEach
    void stop() {
        connection.client().close();
        service.close();
    }

    private static void awaitWaiting(Thread thread) throws InterruptedException {
        long start = System.nanoTime();
        while (thread.getState() != Thread.State.WAITING && System.nanoTime() - start < PATIENCE.toNanos()) {
            Thread.sleep(5);
        }
        assertEquals(Thread.State.WAITING, thread.getState());
    }

    /// Parts of other uploads take all the room there is.
    @Test
    void anInterruptedWriterGivesItsUploadUpWithoutWaitingForOthers() throws Exception {
        int permitCount = connection.uploadPermits().drainPermits();
        MultipartUpload upload = MultipartUpload.begin(connection, S3Address.of(URI.create("s3://b/t")), ObjectPath.of("x"));
        AtomicReference<IOException> failure = new AtomicReference<>();
        Thread writer = Thread.ofPlatform().daemon().start(() -> {
            try {
                upload.add(new byte[10], 10);
            } catch (IOException e) {
                failure.set(e);
                upload.abort();
            }
        });
        awaitWaiting(writer);
        writer.interrupt();
        assertTrue(writer.join(PATIENCE), "the writer waits for its own part, which was never sent");
        assertInstanceOf(InterruptedIOException.class, failure.get());
        assertEquals(1, service.count("DELETE", "/b/t/x"));
        assertEquals(0, service.count("PUT", "/b/t/x"));
        assertEquals(0, connection.uploadPermits().availablePermits());
        assertTrue(permitCount > 0);
    }

    /// As many of its own as there may be are under way.
    @Test
    void anInterruptedWriterWaitsForItsOwnPartsAlone() throws Exception {
        int permitCount = connection.uploadPermits().availablePermits();
        MultipartUpload upload = MultipartUpload.begin(connection, S3Address.of(URI.create("s3://b/t")), ObjectPath.of("x"));
        Object lock = new Object();
        boolean[] isOpen = new boolean[1];
        service.plan = request -> {
            synchronized (lock) {
                while (request.method().equals("PUT") && !isOpen[0]) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        return new TinyS3.Fault.Drop();
                    }
                }
            }
            return TinyS3.NONE;
        };
        AtomicReference<IOException> failure = new AtomicReference<>();
        Thread writer = Thread.ofPlatform().daemon().start(() -> {
            try {
                for (int part = 0; part < 100; part++) {
                    upload.add(new byte[10], 10);
                }
            } catch (IOException e) {
                failure.set(e);
                upload.abort();
            }
        });
        awaitWaiting(writer);
        writer.interrupt();
        synchronized (lock) {
            isOpen[0] = true;
            lock.notifyAll();
        }
        assertTrue(writer.join(PATIENCE), "the writer waits for parts that have ended");
        assertInstanceOf(InterruptedIOException.class, failure.get());
        assertEquals(1, service.count("DELETE", "/b/t/x"));
        assertEquals(permitCount, connection.uploadPermits().availablePermits());
    }
}
