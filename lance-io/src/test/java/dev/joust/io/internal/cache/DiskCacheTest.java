// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.io.ByteRange;
import dev.joust.io.ObjectPath;

class DiskCacheTest {
    private static final FileKey FILE = file(0);

    @TempDir
    Path folder;

    private final byte[] content = new byte[10_000];

    DiskCacheTest() {
        new Random(5).nextBytes(content);
    }

    private static FileKey file(int number) {
        return new FileKey(URI.create("s3://bucket/t/"), ObjectPath.of("data/" + number + ".lance"), "10000");
    }

    /// Keeps ranges, and waits until they are written.
    private void keep(FileKey file, int... offsetsAndLengths) {
        try (DiskCache cache = open(1 << 30)) {
            for (int i = 0; i < offsetsAndLengths.length; i += 2) {
                int offset = offsetsAndLengths[i];
                cache.keep(file, offset, Arrays.copyOfRange(content, offset, offset + offsetsAndLengths[i + 1]));
            }
        }
    }

    private DiskCache open(long capacityBytes) {
        return new DiskCache(folder, capacityBytes);
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private void assertFound(DiskCache cache, FileKey file, int offset, int length) {
        DiskCache.Found found = cache.find(file, new ByteRange(offset, length));
        assertNotNull(found);
        assertTrue(found.offset() <= offset && found.offset() + found.bytes().length >= offset + length);
        assertArrayEquals(
                Arrays.copyOfRange(
                        content, (int) found.offset(), (int) found.offset() + found.bytes().length),
                found.bytes());
    }

    @Test
    void whatOneKeptTheNextFinds() {
        keep(FILE, 100, 50, 5000, 1000, 9000, 1000);
        try (DiskCache cache = open(1 << 30)) {
            assertFound(cache, FILE, 100, 50);
            assertFound(cache, FILE, 5500, 1);
            assertNull(cache.find(FILE, new ByteRange(149, 2)));
            assertNull(cache.find(file(1), new ByteRange(100, 50)));
            DiskCache.Found tail = cache.findTail(FILE, 10_000);
            assertNotNull(tail);
            assertEquals(9000, tail.offset());
            assertNull(cache.findFirst(FILE));
        }
    }

    @Test
    void twoAtOnceShareAFolder() {
        try (DiskCache one = open(1 << 30);
                DiskCache other = open(1 << 30)) {
            for (int i = 0; i < 200; i++) {
                (i % 2 == 0 ? one : other).keep(file(i % 7), i, Arrays.copyOfRange(content, i, i + 100));
                (i % 2 == 0 ? other : one).keep(file(i % 7), i, Arrays.copyOfRange(content, i, i + 100));
            }
        }
        try (DiskCache cache = open(1 << 30)) {
            for (int i = 0; i < 200; i++) {
                assertFound(cache, file(i % 7), i, 100);
            }
        }
    }

    /// Cut anywhere, or any byte changed: the entry is not trusted, and goes.
    @Test
    void aDamagedEntryIsNotFound() throws IOException {
        Random random = new Random(11);
        for (int i = 0; i < 300; i++) {
            keep(FILE, 100, 50);
            Path entry = entries().getFirst();
            byte[] bytes = Files.readAllBytes(entry);
            byte[] damaged = i % 2 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 20)) : bytes.clone();
            if (i % 2 == 1) {
                damaged[i / 2 % bytes.length] ^= (byte) (1 + random.nextInt(255));
            }
            if (Arrays.equals(damaged, bytes)) {
                continue;
            }
            Files.write(entry, damaged);
            try (DiskCache cache = open(1 << 30)) {
                assertNull(cache.find(FILE, new ByteRange(110, 10)));
            }
            assertEquals(List.of(), entries());
        }
    }

    @Test
    void anEntryUnderTheNameOfAnotherIsNotFound() throws IOException {
        keep(FILE, 100, 50);
        Path entry = entries().getFirst();
        Files.copy(entry, entry.resolveSibling("200-50"));
        keep(file(1), 0, 1);
        Path other = entries().stream()
                .filter(path -> path.endsWith("0-1"))
                .findFirst()
                .orElseThrow();
        Files.copy(entry, other.resolveSibling("100-50"));
        try (DiskCache cache = open(1 << 30)) {
            assertNull(cache.find(FILE, new ByteRange(200, 50)));
            assertNull(cache.find(file(1), new ByteRange(100, 50)));
            assertFound(cache, FILE, 100, 50);
        }
    }

    @Test
    void theLongestUnusedGoFirst() throws IOException {
        for (int i = 0; i < 20; i++) {
            keep(file(i), 0, 1000);
        }
        for (Path entry : entries()) {
            Files.setLastModifiedTime(entry, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        }
        try (DiskCache cache = open(1 << 30)) {
            assertFound(cache, file(3), 0, 1000);
            assertFound(cache, file(17), 0, 1000);
        }
        try (DiskCache cache = open(10_000)) {
            assertNull(cache.find(file(99), new ByteRange(0, 1))); // measures the folder meanwhile
        }
        long sizeBytes = 0;
        for (Path entry : entries()) {
            sizeBytes += Files.size(entry);
        }
        assertTrue(sizeBytes > 5000 && sizeBytes <= 8000, sizeBytes + " bytes are left");
        try (DiskCache cache = open(10_000)) {
            assertFound(cache, file(3), 0, 1000);
            assertFound(cache, file(17), 0, 1000);
        }
    }

    @Test
    void itStaysAboutAsLargeAsItMayBe() throws IOException {
        try (DiskCache cache = open(50_000)) {
            for (int i = 0; i < 200; i++) {
                cache.keep(file(i), 0, Arrays.copyOf(content, 2000));
            }
        }
        List<Path> entries = new ArrayList<>(entries());
        assertTrue(entries.size() > 10 && entries.size() <= 25, entries.size() + " entries");
    }

    @Test
    void aFolderThatCannotBeWrittenToDoesNoHarm() throws IOException {
        Path occupied = folder.resolve("occupied");
        Files.write(occupied, new byte[1]);
        try (DiskCache cache = new DiskCache(occupied, 1000)) {
            cache.keep(FILE, 0, new byte[100]);
            assertNull(cache.find(FILE, new ByteRange(0, 100)));
        }
        assertTrue(Files.isRegularFile(occupied));
    }

    @Test
    void whatAKilledWriterLeftGoesLater() throws IOException {
        keep(FILE, 0, 10);
        Path left = entries().getFirst().resolveSibling(CacheFolder.TEMPORARY + "x");
        Path recent = left.resolveSibling(CacheFolder.TEMPORARY + "y");
        Files.write(left, new byte[10]);
        Files.write(recent, new byte[10]);
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        open(1 << 30).close();
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(recent));
    }
}
