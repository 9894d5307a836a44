// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.io.ObjectPath;

/// Which requests go without the SDK's client, and which with it.
class DirectS3ClientTest {
    private static final ObjectPath X = ObjectPath.of("a folder/x+%ü&?#");
    private static final byte[] BYTES = {1, 2, 3};

    private final TinyS3 service = new TinyS3();

    @AfterEach
    void stop() {
        service.close();
    }

    private static boolean isOfTheSdk(TinyS3.Request request) {
        return request.headers().get("User-Agent").contains("aws-sdk-java");
    }

    @Test
    void readingAndCommittingGoesWithoutTheSdksClient() throws IOException {
        try (S3ObjectStore store = service.store()) {
            assertTrue(store.putIfAbsent(X, BYTES));
            assertArrayEquals(BYTES, store.readAll(X, 3));
            assertEquals(3, store.head(X).sizeBytes());
            assertTrue(store.list(ObjectPath.ROOT).isEmpty());
            store.delete(X);
            assertFalse(service.requests.stream().anyMatch(DirectS3ClientTest::isOfTheSdk));
            store.deleteAll(List.of(X, ObjectPath.of("y")));
            assertTrue(isOfTheSdk(service.requests.getLast()));
        }
    }

    @Test
    void namesAreSentAsTheSdkSendsThem() throws IOException {
        try (S3ObjectStore store = service.store("s3://b/t", java.util.Map.of("unsafe_commit", "true"))) {
            store.put(X, BYTES);
            service.plan = request -> request.number() == 2 ? new TinyS3.Fault.Refuse(307, "TemporaryRedirect") : TinyS3.NONE;
            store.put(X, BYTES);
        }
        assertEquals("/b/t/a%20folder/x%2B%25%C3%BC%26%3F%23", service.requests.getFirst().path());
        assertFalse(isOfTheSdk(service.requests.getFirst()));
        assertTrue(isOfTheSdk(service.requests.getLast()));
        assertEquals(service.requests.getFirst().path(), service.requests.getLast().path());
    }

    @Test
    void aClockThatIsWrongIsLeftToTheSdksClient() throws IOException {
        service.objects.put("/b/t/x", BYTES);
        service.plan = request -> isOfTheSdk(request) ? TinyS3.NONE : new TinyS3.Fault.Refuse(403, "RequestTimeTooSkewed");
        try (S3ObjectStore store = service.store()) {
            assertArrayEquals(BYTES, store.readAll(ObjectPath.of("x"), 3));
            assertArrayEquals(BYTES, store.readAll(ObjectPath.of("x"), 3));
            assertEquals(3, service.requests.size(), "once is enough to learn it");
        }
    }

    @Test
    void otherRefusalsAreFinal() throws IOException {
        service.plan = _ -> new TinyS3.Fault.Refuse(403, "AccessDenied");
        try (S3ObjectStore store = service.store()) {
            assertThrows(AccessDeniedException.class, () -> store.list(ObjectPath.ROOT));
            assertEquals(1, service.requests.size());
        }
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        service.plan = _ -> {
            asked.countDown();
            try {
                told.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return TinyS3.NONE;
        };
        try (S3ObjectStore store = service.store()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    store.readAll(X, 3);
                } catch (IOException e) {
                    thrown.set(e);
                }
            });
            asked.await();
            reader.interrupt();
            reader.join();
            assertTrue(thrown.get() instanceof InterruptedIOException, String.valueOf(thrown.get()));
        } finally {
            told.countDown();
        }
    }
}
