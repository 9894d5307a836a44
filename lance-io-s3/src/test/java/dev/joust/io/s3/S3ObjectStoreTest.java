// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStoreContract;
import dev.joust.io.ObjectWriter;

/// The contract, and what is special to S3, on a real server named by `-Djoust.s3.endpoint=http://host:port`, with a bucket
/// `joust-test` and the key `test`/`test-secret`. `.ci/s3-tests` starts two such servers, one after the other, and runs this.
@EnabledIfSystemProperty(named = "joust.s3.endpoint", matches = "http.*")
class S3ObjectStoreTest extends ObjectStoreContract {
    private static final Map<String, String> OPTIONS = Map.of(
            "endpoint", System.getProperty("joust.s3.endpoint", ""),
            "allow_http", "true",
            "region", "us-east-1",
            "access_key_id", "test",
            "secret_access_key", "test-secret");

    private final String folder = UUID.randomUUID().toString();

    @Override
    protected ObjectStore openEmptyStore() {
        return S3ObjectStore.open(URI.create("s3://joust-test/" + folder), S3Options.of(OPTIONS, _ -> null));
    }

    @Test
    void anObjectOfManyPartsIsWholeAndItsPartsAreCounted() throws IOException {
        int sizeBytes = 4 * S3ObjectWriter.PART_BYTES + 12345;
        byte[] bytes = bytes(sizeBytes, 7);
        long putsBefore = store().stats().putCount();
        try (ObjectWriter writer = store().create(path("large"))) {
            for (int start = 0; start < sizeBytes; start += 3_000_000) {
                writer.write(MemorySegment.ofArray(bytes).asSlice(start, Math.min(3_000_000, sizeBytes - start)));
            }
            assertTrue(store().list(ObjectPath.ROOT).isEmpty());
            writer.finish();
        }
        assertEquals(2 + 1 + 5 + 1, store().stats().putCount() - putsBefore, "probe, begin, parts, complete");
        assertEquals(sizeBytes, store().head(path("large")).sizeBytes());
        assertArrayEquals(bytes, store().readAll(path("large"), sizeBytes));
        try (Arena arena = Arena.ofShared()) {
            MemorySegment target = arena.allocate(1 << 20);
            store().read(path("large"), S3ObjectWriter.PART_BYTES - 1000, target);
            assertEquals(-1, target.mismatch(MemorySegment.ofArray(bytes).asSlice(S3ObjectWriter.PART_BYTES - 1000, 1 << 20)));
            assertEquals(bytes[sizeBytes - 1], store().readTail(path("large"), 1, arena).bytes().get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    @Test
    void anObjectOfExactlyOnePartIsOnePut() throws IOException {
        store().put(path("probed"), bytes(1, 1));
        long before = store().stats().putCount();
        try (ObjectWriter writer = store().create(path("part"))) {
            writer.write(MemorySegment.ofArray(bytes(S3ObjectWriter.PART_BYTES, 1)));
            writer.finish();
        }
        assertEquals(1, store().stats().putCount() - before);
        assertEquals(S3ObjectWriter.PART_BYTES, store().head(path("part")).sizeBytes());
    }

    @Test
    void aLargeUploadThatIsGivenUpLeavesNothing() throws IOException {
        try (ObjectWriter writer = store().create(path("given-up"))) {
            writer.write(MemorySegment.ofArray(bytes(3 * S3ObjectWriter.PART_BYTES, 2)));
        }
        assertTrue(store().list(ObjectPath.ROOT).isEmpty());
    }

    /// Of several at the same time: the test servers don't all decide in one step for uploads in parts, as Amazon's does.
    @Test
    void aLargeObjectIsPutIfThereIsNoneOfItsName() throws IOException {
        S3Options options = S3Options.of(OPTIONS, _ -> null);
        S3Address address = new S3Address("joust-test", folder);
        byte[] bytes = bytes(S3ObjectWriter.PART_BYTES + 1000, 1);
        try (S3Connection connection = S3Connection.open(options, S3Clients.create(options))) {
            S3Writes writes = new S3Writes(connection, address, new S3Reads(connection, address));
            assertTrue(writes.putInPartsIfAbsent(path("large"), bytes));
            assertFalse(writes.putInPartsIfAbsent(path("large"), bytes(S3ObjectWriter.PART_BYTES + 1000, 2)));
        }
        assertArrayEquals(bytes, store().readAll(path("large"), bytes.length));
    }

    @Test
    void listingsOfMoreThanAPageAreWholeAndTheFirstPageIsOneRequest() throws Exception {
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int writer = 0; writer < 8; writer++) {
            int first = writer;
            writers.add(() -> {
                for (int i = first; i < 1100; i += 8) {
                    store().put(path("many/%05d".formatted(i)), bytes(1, i));
                }
                return first;
            });
        }
        inParallel(writers);
        long before = store().stats().listCount();
        assertEquals(1100, store().list(path("many")).size());
        assertEquals(1100, store().listNames(path("many")).size());
        assertEquals(4, store().stats().listCount() - before);
        assertEquals(path("many/00001"), store().firstObject(path("many"), name -> name.endsWith("1")).orElseThrow().path());
        assertEquals(5, store().stats().listCount() - before);
        long deletes = store().stats().deleteCount();
        store().deleteAll(store().list(path("many")).stream().map(meta -> meta.path()).toList());
        assertEquals(2, store().stats().deleteCount() - deletes);
        assertEquals(List.of(), store().listNames(ObjectPath.ROOT));
    }

    @Test
    void aSiblingReachesOtherPrefixesAndCountsHere() throws IOException {
        ObjectStore other = store().sibling("s3://joust-test/" + folder + "-other").orElseThrow();
        other.put(path("a"), bytes(5, 1));
        long before = store().stats().getCount();
        assertArrayEquals(bytes(5, 1), other.readAll(path("a"), 5));
        assertEquals(1, store().stats().getCount() - before);
        assertEquals(List.of(), store().listNames(ObjectPath.ROOT));
        assertTrue(store().sibling("/a/path").isEmpty());
        other.close();
        store().put(path("still"), bytes(1, 1));
    }
}
