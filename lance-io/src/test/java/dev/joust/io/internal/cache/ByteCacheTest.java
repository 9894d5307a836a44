// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;

import dev.joust.io.ByteRange;
import dev.joust.io.ObjectPath;

class ByteCacheTest {
    private static final FileKey FILE = file("data/a.lance", "1");

    private final byte[] content = new byte[100_000];
    private final ByteCache cache = new ByteCache(1 << 20, null);

    ByteCacheTest() {
        new Random(5).nextBytes(content);
    }

    private static FileKey file(String path, String version) {
        return new FileKey(URI.create("s3://bucket/t/"), ObjectPath.of(path), version);
    }

    private void keep(ByteCache target, FileKey file, int offset, int length) {
        target.keep(file, offset, MemorySegment.ofArray(content).asSlice(offset, length));
    }

    private void assertFound(ByteCache in, FileKey file, int offset, int length) {
        MemorySegment found = in.find(file, new ByteRange(offset, length));
        assertNotNull(found);
        assertArrayEquals(
                Arrays.copyOfRange(content, offset, offset + length), found.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void aRangeIsFoundInOneThatHoldsIt() {
        keep(cache, FILE, 1000, 500);
        assertFound(cache, FILE, 1000, 500);
        assertFound(cache, FILE, 1000, 1);
        assertFound(cache, FILE, 1499, 1);
        assertFound(cache, FILE, 1200, 100);
        assertNull(cache.find(FILE, new ByteRange(999, 2)));
        assertNull(cache.find(FILE, new ByteRange(1400, 101)));
        assertNull(cache.find(FILE, new ByteRange(1500, 1)));
    }

    @Test
    void aRangeIsFoundBehindShorterOnesThatBeginLater() {
        keep(cache, FILE, 1000, 5000);
        keep(cache, FILE, 2000, 10);
        keep(cache, FILE, 2100, 10);
        assertFound(cache, FILE, 2105, 500);
    }

    @Test
    void theLongerOfTwoRangesThatBeginTogetherStays() {
        keep(cache, FILE, 100, 50);
        keep(cache, FILE, 100, 80);
        keep(cache, FILE, 100, 20);
        assertFound(cache, FILE, 100, 80);
        assertTrue(cache.sizeBytes() < 80 + 2 * 200, cache.sizeBytes() + " bytes are held");
    }

    @Test
    void filesOfOtherNamesVersionsAndStoresAreOthers() {
        keep(cache, FILE, 0, 100);
        assertNull(cache.find(file("data/b.lance", "1"), new ByteRange(0, 100)));
        assertNull(cache.find(file("data/a.lance", "2"), new ByteRange(0, 100)));
        assertNull(cache.find(
                new FileKey(URI.create("s3://other/t/"), FILE.path(), "1"), new ByteRange(0, 100)));
    }

    @Test
    void itHoldsNoMoreThanItMay() {
        for (int i = 0; i < 1000; i++) {
            keep(cache, file("data/" + i + ".lance", "1"), 0, 10_000);
            assertTrue(cache.sizeBytes() <= 1 << 20, cache.sizeBytes() + " bytes are held");
        }
        long ranges = cache.ranges().values().stream().mapToLong(java.util.Map::size).sum();
        assertTrue(ranges > 50 && ranges <= 105, ranges + " ranges");
    }

    @Test
    void whatIsTooLargeForItIsNotKept() {
        ByteCache small = new ByteCache(8 * 1000, null);
        keep(small, FILE, 0, 1001);
        assertNull(small.find(FILE, new ByteRange(0, 1)));
        keep(small, FILE, 0, 1000);
        assertFound(small, FILE, 0, 1000);
        assertFalse(new ByteCache(0, null).isEnabled());
    }

    @Test
    void manyThreadsFindWhatTheyKeepOrNothing() throws Exception {
        ByteCache small = new ByteCache(200_000, null);
        try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int seed = thread;
                futures.add(executor.submit(() -> {
                    Random random = new Random(seed);
                    for (int i = 0; i < 20_000; i++) {
                        FileKey file = file("data/" + random.nextInt(10) + ".lance", "1");
                        int offset = random.nextInt(90_000);
                        int length = 1 + random.nextInt(10_000);
                        if (random.nextBoolean()) {
                            keep(small, file, offset, length);
                        } else if (small.find(file, new ByteRange(offset, length)) != null) {
                            MemorySegment found = small.find(file, new ByteRange(offset, length));
                            if (found != null) {
                                assertEquals(
                                        -1,
                                        found.mismatch(MemorySegment.ofArray(content)
                                                .asSlice(offset, length)));
                            }
                        }
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        small.sizeBytes();
        long held = small.ranges().values().stream().mapToLong(java.util.Map::size).sum();
        assertTrue(held * 200 <= 200_000, held + " ranges are known");
        small.close();
        assertTrue(small.ranges().isEmpty());
    }
}
