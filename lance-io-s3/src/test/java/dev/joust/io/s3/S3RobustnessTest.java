// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectTail;

/// What becomes of requests whose answers are lost, late, short or refusals.
class S3RobustnessTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final ObjectPath X = ObjectPath.of("x");

    private final TinyS3 service = new TinyS3();

    @AfterEach
    void stop() {
        service.close();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new SplittableRandom(count).nextBytes(bytes);
        return bytes;
    }

    /// A plan that strikes the n-th request of those that match, from 1.
    private static java.util.function.Function<TinyS3.Request, TinyS3.Fault> onNth(
            int n, Predicate<TinyS3.Request> which, TinyS3.Fault fault) {
        int[] count = new int[1];
        return request -> {
            synchronized (count) {
                return which.test(request) && ++count[0] == n ? fault : TinyS3.NONE;
            }
        };
    }

    private static boolean isPutOfX(TinyS3.Request request) {
        return request.method().equals("PUT") && request.path().contains("/t/x");
    }

    @Test
    void aBodyCutShortIsGoneOnWithFromWhereItEnded() throws IOException {
        byte[] bytes = bytes(300_000);
        service.objects.put("/b/t/x", bytes);
        int[] gets = new int[1];
        service.plan = request -> request.method().equals("GET") && gets[0]++ < 2 ? new TinyS3.Fault.Cut(100_001) : TinyS3.NONE;
        try (S3ObjectStore store = service.store()) {
            assertArrayEquals(bytes, store.readAll(X, 300_000));
            List<String> ranges = service.requests.stream().map(request -> request.headers().get("Range")).toList();
            assertEquals(Arrays.asList(null, "bytes=100001-299999", "bytes=200002-299999"), ranges);
            assertEquals(3, store.stats().getCount());
            assertEquals(300_000, store.stats().bytesRead());
        }
    }

    @Test
    void aRangeAndATailCutShortAreGoneOnWithToo() throws IOException {
        byte[] bytes = bytes(50_000);
        service.objects.put("/b/t/x", bytes);
        try (S3ObjectStore store = service.store(); Arena arena = Arena.ofShared()) {
            service.plan = onNth(1, _ -> true, new TinyS3.Fault.Cut(1000));
            MemorySegment target = arena.allocate(20_000);
            store.read(X, 10_000, target);
            assertArrayEquals(Arrays.copyOfRange(bytes, 10_000, 30_000), target.toArray(ValueLayout.JAVA_BYTE));
            service.plan = onNth(1, _ -> true, new TinyS3.Fault.Cut(0));
            ObjectTail tail = store.readTail(X, 4096, arena);
            assertEquals(50_000, tail.objectSizeBytes());
            assertArrayEquals(Arrays.copyOfRange(bytes, 50_000 - 4096, 50_000), tail.bytes().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void anObjectReplacedWhileItIsReadIsReadFromTheStart() throws IOException {
        byte[] first = bytes(100_000);
        byte[] second = bytes(100_001);
        service.objects.put("/b/t/x", first);
        service.plan = request -> {
            if (request.number() == 1) {
                return new TinyS3.Fault.Cut(50_000);
            }
            service.objects.put("/b/t/x", second);
            return TinyS3.NONE;
        };
        try (S3ObjectStore store = service.store()) {
            assertArrayEquals(second, store.readAll(X, 200_000));
        }
    }

    @Test
    void aPutIfAbsentWhoseAnswerIsLostIsOurs() throws IOException {
        try (S3ObjectStore store = service.store()) {
            service.plan = onNth(1, S3RobustnessTest::isPutOfX, new TinyS3.Fault.LoseAnswer());
            assertTrue(store.putIfAbsent(X, bytes(1000)));
            assertEquals(2, service.count("PUT", "/t/x"));
            assertArrayEquals(bytes(1000), service.objects.get("/b/t/x"));
            assertFalse(store.putIfAbsent(X, bytes(1000)), "of another call, even with the same bytes, it is not");
        }
    }

    @Test
    void aPutIfAbsentWhoseAnswerIsLostWhenAnotherWasFirstIsNotOurs() throws IOException {
        byte[] theirs = bytes(999);
        try (S3ObjectStore store = service.store()) {
            service.plan = request -> {
                if (!isPutOfX(request) || service.objects.containsKey("/b/t/x")) {
                    return TinyS3.NONE;
                }
                service.objects.put("/b/t/x", theirs); // between our arrival and our second attempt
                return new TinyS3.Fault.Drop();
            };
            assertFalse(store.putIfAbsent(X, bytes(1000)));
            byte[] sameLength = bytes(999).clone();
            sameLength[500]++;
            service.objects.remove("/b/t/x");
            assertFalse(store.putIfAbsent(X, sameLength));
            assertArrayEquals(theirs, service.objects.get("/b/t/x"));
        }
    }

    @Test
    void aConflictOfTwoPutsAtOnceIsTriedAgain() throws IOException {
        try (S3ObjectStore store = service.store()) {
            service.plan = onNth(1, S3RobustnessTest::isPutOfX, new TinyS3.Fault.Refuse(409, "ConditionalRequestConflict"));
            assertTrue(store.putIfAbsent(X, bytes(10)));
            assertEquals(2, service.count("PUT", "/t/x"));
        }
    }

    @Test
    void aRequestThatFailsForGoodSaysHowOften() throws IOException {
        try (S3ObjectStore store = service.store("s3://b/t", Map.of("client_max_retries", "2"))) {
            service.plan = _ -> new TinyS3.Fault.Refuse(500, "InternalError");
            IOException e = assertThrows(IOException.class, () -> store.readAll(X, 10));
            assertTrue(e.getMessage().contains("HTTP 500 InternalError (3 attempts"), e.getMessage());
            assertTrue(e.getMessage().contains("s3://b/t/x"), e.getMessage());
            assertEquals(3, service.requests.size());
        }
    }

    @Test
    void theTimeForRetriesEnds() throws IOException {
        try (S3ObjectStore store = service.store("s3://b/t", Map.of("client_retry_timeout", "0"))) {
            service.plan = _ -> new TinyS3.Fault.Refuse(500, "InternalError");
            assertThrows(IOException.class, () -> store.readAll(X, 10));
            assertEquals(1, service.requests.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"403 AccessDenied", "403 SignatureDoesNotMatch", "403 InvalidAccessKeyId", "400 InvalidRequest", "405 MethodNotAllowed"})
    void whatIsRefusedIsNotTriedAgain(String refusal) throws IOException {
        String[] words = refusal.split(" ");
        service.plan = _ -> new TinyS3.Fault.Refuse(Integer.parseInt(words[0]), words[1]);
        try (S3ObjectStore store = service.store()) {
            IOException e = assertThrows(IOException.class, () -> store.readAll(X, 10));
            assertEquals(words[0].equals("403"), e instanceof AccessDeniedException, e.toString());
            assertTrue(e.getMessage().contains(words[1]), e.getMessage());
            assertEquals(1, service.requests.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"503 SlowDown", "429 TooManyRequests"})
    void throttlingIsWaitedForAsAsked(String refusal) throws IOException {
        String[] words = refusal.split(" ");
        service.objects.put("/b/t/x", bytes(10));
        service.plan = onNth(1, _ -> true, new TinyS3.Fault.Refuse(Integer.parseInt(words[0]), words[1], Map.of("Retry-After", "1")));
        try (S3ObjectStore store = service.store()) {
            long start = System.nanoTime();
            assertArrayEquals(bytes(10), store.readAll(X, 10));
            assertTrue(System.nanoTime() - start >= 1_000_000_000L);
            assertEquals(2, service.requests.size());
        }
    }

    @Test
    void aServiceThatIgnoresConditionsIsNotWrittenToAndTheWordsSayWhatWouldBeLost() throws IOException {
        service.conditions = TinyS3.Conditions.IGNORED;
        try (S3ObjectStore store = service.store()) {
            for (Callable<?> write : List.<Callable<?>>of(
                    () -> store.putIfAbsent(X, bytes(1)), () -> store.create(X),
                    () -> {
                        store.put(X, bytes(1));
                        return X;
                    })) {
                String message = assertThrows(UnsafeStoreException.class, write::call).getMessage();
                assertTrue(message.contains("rows of one would be lost") && message.contains("--unsafe-commit"), message);
            }
            assertEquals(Map.of(), service.objects);
        }
    }

    @Test
    void aServiceThatRefusesConditionsIsNotWrittenTo() throws IOException {
        service.conditions = TinyS3.Conditions.REFUSED;
        try (S3ObjectStore store = service.store()) {
            assertThrows(UnsafeStoreException.class, () -> store.putIfAbsent(X, bytes(1)));
            assertEquals(Map.of(), service.objects);
        }
    }

    @Test
    void withUnsafeCommitWhatIsSeenIsNotOverwritten() throws IOException {
        service.conditions = TinyS3.Conditions.IGNORED;
        try (S3ObjectStore store = service.store("s3://b/t", Map.of("unsafe_commit", "true"))) {
            assertTrue(store.putIfAbsent(X, bytes(10)));
            assertFalse(store.putIfAbsent(X, bytes(11)));
            assertArrayEquals(bytes(10), service.objects.get("/b/t/x"));
        }
    }

    @Test
    void aServiceIsAskedOnceWhetherItDecides() throws IOException {
        try (S3ObjectStore store = service.store()) {
            assertTrue(store.putIfAbsent(X, bytes(10)));
            long first = service.requests.size();
            assertEquals(4, first, "two puts and a delete to ask, and the put");
            assertTrue(store.putIfAbsent(ObjectPath.of("y"), bytes(10)));
            assertEquals(1, service.requests.size() - first);
            try (S3ObjectStore another = service.store()) {
                another.put(ObjectPath.of("z"), bytes(1));
            }
            assertEquals(2, service.requests.size() - first);
            assertEquals(List.of("/b/t/x", "/b/t/y", "/b/t/z"), service.objects.keySet().stream().sorted().toList());
        }
    }

    @Test
    void aStoreThatFailsOneRequestInThreeLosesAndDoublesNothing() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        List<TinyS3.Fault> faults = List.of(
                new TinyS3.Fault.Drop(), new TinyS3.Fault.LoseAnswer(), new TinyS3.Fault.Cut(3),
                new TinyS3.Fault.Refuse(500, "InternalError"), new TinyS3.Fault.Refuse(409, "OperationAborted"));
        service.plan = _ -> {
            synchronized (random) {
                return random.nextInt(3) == 0 ? faults.get(random.nextInt(faults.size())) : TinyS3.NONE;
            }
        };
        int racerCount = 6;
        int keyCount = 25;
        try (S3ObjectStore store = service.store("s3://b/t", Map.of("client_max_retries", "40"));
                ExecutorService executor = Executors.newFixedThreadPool(racerCount)) {
            List<Future<boolean[]>> racers = new ArrayList<>();
            for (int racer = 0; racer < racerCount; racer++) {
                byte[] own = bytes(100 + racer);
                racers.add(executor.submit(() -> {
                    boolean[] won = new boolean[keyCount];
                    for (int key = 0; key < keyCount; key++) {
                        won[key] = store.putIfAbsent(ObjectPath.of("k" + key), own);
                    }
                    return won;
                }));
            }
            for (int key = 0; key < keyCount; key++) {
                List<Integer> winners = new ArrayList<>();
                for (int racer = 0; racer < racerCount; racer++) {
                    if (racers.get(racer).get()[key]) {
                        winners.add(racer);
                    }
                }
                assertEquals(1, winners.size(), "winners of key " + key + ", seed " + SEED);
                assertArrayEquals(bytes(100 + winners.getFirst()), store.readAll(ObjectPath.of("k" + key), 200));
            }
        }
    }

    @Test
    void aHostThatIsNotThereIsSaidSoBeforeTheUserLosesPatience() throws IOException {
        service.close();
        try (S3ObjectStore store = service.store()) {
            long start = System.nanoTime();
            IOException e = assertThrows(IOException.class, () -> store.readAll(X, 10));
            assertTrue(e.getMessage().contains("nobody listens there"), e.getMessage());
            assertTrue(System.nanoTime() - start < 30_000_000_000L);
        }
    }

    @Test
    void aMissingBucketIsNamed() throws IOException {
        service.plan = _ -> new TinyS3.Fault.Refuse(404, "NoSuchBucket");
        try (S3ObjectStore store = service.store()) {
            String message = assertThrows(NoSuchFileException.class, () -> store.list(ObjectPath.ROOT)).getMessage();
            assertTrue(message.contains("s3://b/t") && message.contains("no such bucket"), message);
        }
    }

    @Test
    void anAnswerThatIsNotOfTheRangeAskedForIsRefused() throws IOException {
        byte[] bytes = bytes(1000);
        service.objects.put("/b/t/x", bytes);
        service.plan = request -> {
            request.headers().remove("Range");
            return TinyS3.NONE;
        };
        try (S3ObjectStore store = service.store(); Arena arena = Arena.ofShared()) {
            assertThrows(IOException.class, () -> store.read(X, 500, arena.allocate(10)));
            MemorySegment start = arena.allocate(10);
            store.read(X, 0, start);
            assertArrayEquals(Arrays.copyOf(bytes, 10), start.toArray(ValueLayout.JAVA_BYTE));
            assertThrows(EOFException.class, () -> store.read(X, 0, arena.allocate(1001)));
        }
    }

    @Test
    void noErrorTraceOrTextHoldsAKey() throws IOException {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        for (TinyS3.Fault fault : List.of(
                new TinyS3.Fault.Drop(), new TinyS3.Fault.Refuse(500, "InternalError"), new TinyS3.Fault.Refuse(403, "AccessDenied"),
                new TinyS3.Fault.Refuse(403, "SignatureDoesNotMatch"), new TinyS3.Fault.Refuse(404, "NoSuchBucket"),
                new TinyS3.Fault.Refuse(503, "SlowDown"), new TinyS3.Fault.Refuse(301, "PermanentRedirect"))) {
            service.plan = _ -> fault;
            try (S3ObjectStore store = service.store(
                    "s3://b/t", Map.of("client_max_retries", "1", "session_token", "TOKENSECRET"))) {
                out.println(store + " " + store.root());
                for (Callable<?> request : List.<Callable<?>>of(
                        () -> store.readAll(X, 10), () -> store.head(X), () -> store.list(X), () -> store.putIfAbsent(X, bytes(1)))) {
                    assertThrows(IOException.class, request::call).printStackTrace(out);
                }
            }
        }
        out.flush();
        assertTrue(said.toString().contains("s3://b/t/x"));
        assertFalse(said.toString().contains("SECRET"), said::toString);
    }
}
