// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Damaged files: rows, a CorruptFileException or an UnsupportedFormatException, in bounded memory and time, and
/// nothing else. `-Djoust.seed=` repeats a run, `-Djoust.mutants=` makes it longer (`.ci/nightly` does).
class DamagedFilesTest {
    private static final long SEED = Long.getLong("joust.seed", 20261121);
    private static final int MUTANTS = Integer.getInteger("joust.mutants", 3000);
    private static final long BASE_BYTES = 64 << 20;
    private static final long BYTES_PER_FILE_BYTE = 16;
    private static final long MAX_MILLIS = 5000;
    private static final long MAX_ROWS = 1 << 20;

    private final Session session = Session.builder().cacheBytes(0).build();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long rowsRead;
    private long refusals;
    private long maxBytes;
    private long maxMillis;

    @AfterEach
    void close() {
        session.close();
    }

    /// By version. Tables of one version may hold files of another.
    private static Map<FileVersion, List<byte[]>> goldenFilesByVersion() throws IOException {
        Map<FileVersion, List<byte[]>> files = new EnumMap<>(FileVersion.class);
        for (GoldenTable table : GoldenTables.all(GoldenTable.Reading.NOW)) {
            for (Path path : table.dataFiles()) {
                byte[] file = Files.readAllBytes(path);
                FileVersion version = FileVersion.fromNumbers(file[file.length - 8], file[file.length - 6]);
                files.computeIfAbsent(version, _ -> new ArrayList<>()).add(file);
            }
        }
        return files;
    }

    private static List<byte[]> goldenFiles() throws IOException {
        return goldenFilesByVersion().values().stream().flatMap(List::stream).toList();
    }

    @Test
    void mutantsAreReadOrRefused() throws IOException {
        System.out.println(MUTANTS + " mutants of seed " + SEED);
        List<List<byte[]>> files = List.copyOf(goldenFilesByVersion().values());
        assertEquals(5, files.size(), "versions");
        Random seeds = new Random(SEED);
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < MUTANTS && failures.size() < 20; i++) {
            long seed = seeds.nextLong();
            Random random = new Random(seed);
            List<byte[]> ofVersion = files.get(random.nextInt(files.size()));
            byte[] original = ofVersion.get(random.nextInt(ofVersion.size()));
            byte[] mutant = FileMutator.of(original, random).mutant();
            try {
                read(mutant, random, "mutant " + seed);
            } catch (AssertionError e) {
                failures.add(e.getMessage() + ", " + e.getCause());
                if (failures.size() == 1) {
                    e.printStackTrace();
                }
            }
        }
        System.out.println(MUTANTS + " mutants of seed " + SEED + ": " + rowsRead + " rows read, " + refusals
                + " files refused, at most " + maxBytes / 1024 + " KiB and " + maxMillis + " ms each");
        assertEquals(List.of(), failures, "of seed " + SEED);
        assertTrue(rowsRead > 0 && refusals > MUTANTS / 10, "the mutator damages too much or too little");
    }

    /// `-Djoust.mutant=` repeats one: the number that a failure names.
    @Test
    @EnabledIfSystemProperty(named = "joust.mutant", matches = ".+")
    void oneMutantIsReadOrRefused() throws IOException {
        List<List<byte[]>> files = List.copyOf(goldenFilesByVersion().values());
        Random random = new Random(Long.getLong("joust.mutant"));
        List<byte[]> ofVersion = files.get(random.nextInt(files.size()));
        byte[] original = ofVersion.get(random.nextInt(ofVersion.size()));
        read(FileMutator.of(original, random).mutant(), random, "mutant");
    }

    @Test
    void filesCutShortAnywhereAreCorrupt() throws IOException {
        for (byte[] file : goldenFiles()) {
            List<Integer> borders = FileMutator.of(file, new Random(SEED)).borders();
            for (int border : borders) {
                for (int length = Math.max(0, border - 1); length <= Math.min(border + 1, file.length - 1); length++) {
                    ObjectPath path = ObjectPath.of("cut.lance");
                    store.put(path, Arrays.copyOf(file, length));
                    CorruptFileException cut =
                            assertThrows(CorruptFileException.class, () -> LanceFileReader.open(session, store, path, -1));
                    assertTrue(String.valueOf(cut.getMessage()).startsWith("cut.lance @ "), cut.getMessage());
                }
            }
        }
    }

    @Test
    void fileOfAnotherSizeThanExpectedIsCorrupt() throws IOException {
        ObjectPath path = ObjectPath.of("a.lance");
        byte[] file = goldenFiles().getFirst();
        store.put(path, file);
        CorruptFileException other = assertThrows(
                CorruptFileException.class, () -> LanceFileReader.open(session, store, path, file.length + 1L));
        assertTrue(String.valueOf(other.getMessage()).contains((file.length + 1) + " bytes expected"), other.getMessage());
    }

    /// Everything between two structures removed, with the footer still in place.
    @Test
    void filesWithAPieceMissingAreReadOrRefused() throws IOException {
        Random random = new Random(SEED);
        for (byte[] file : goldenFiles()) {
            List<Integer> borders = FileMutator.of(file, random).borders();
            int step = Math.max(1, borders.size() / 12);
            for (int i = 0; i + 1 < borders.size(); i += step) {
                int from = borders.get(i);
                int to = borders.get(i + 1);
                byte[] pierced = new byte[file.length - (to - from)];
                System.arraycopy(file, 0, pierced, 0, from);
                System.arraycopy(file, to, pierced, from, file.length - to);
                read(pierced, random, "without bytes " + from + " to " + to);
            }
        }
    }

    private void read(byte[] file, Random random, String what) throws IOException {
        ObjectPath path = ObjectPath.of("damaged.lance");
        store.put(path, file);
        long limit = BASE_BYTES + BYTES_PER_FILE_BYTE * file.length;
        long heapBefore = threads.getTotalThreadAllocatedBytes();
        long nativeBytes;
        long start = System.nanoTime();
        try (ArrowMemory memory = new ArrowMemory(limit)) {
            try {
                readAll(path, random, memory);
            } catch (CorruptFileException | UnsupportedFormatException expected) {
                refusals++;
            } catch (Throwable e) {
                fail(what, e);
            }
            for (int i = 0; i < 100 && memory.allocatedBytes() > 0; i++) {
                sleep(); // batches of a scan that failed are still being given up
            }
            assertEquals(0, memory.allocatedBytes(), what + ": memory that is not given back");
            nativeBytes = memory.allocator().getPeakMemoryAllocation();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        long allocated = threads.getTotalThreadAllocatedBytes() - heapBefore + nativeBytes;
        maxMillis = Math.max(maxMillis, millis);
        maxBytes = Math.max(maxBytes, allocated);
        assertTrue(millis < MAX_MILLIS, what + " took " + millis + " ms");
        assertTrue(allocated < limit, what + ", " + file.length + " bytes, allocated " + allocated);
    }

    private void readAll(ObjectPath path, Random random, ArrowMemory memory) throws IOException {
        LanceFileReader reader = LanceFileReader.open(session, store, path, -1);
        FileProjection projection = reader.projection();
        long rows = Math.min(reader.rowCount(), MAX_ROWS);
        if (rows > 0) {
            long[] some = LongStream.generate(() -> random.nextLong(reader.rowCount())).limit(5).toArray();
            reader.take(projection, some, memory).close();
        }
        try (BatchReader scan = reader.scan(projection, 0, rows, 1024, memory)) {
            for (Batch batch = scan.next(); batch != null; batch = scan.next()) {
                rowsRead += batch.rowCount();
                batch.close();
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
