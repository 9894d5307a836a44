// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.Joust;
import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.ByteMutator;
import dev.joust.format.file.FileMutator;
import dev.joust.format.file.MessageMutator;
import dev.joust.testdata.GoldenTable;

/// Vector indices with a damaged file: rows of the table, a CorruptFileException or an UnsupportedFormatException, in
/// bounded memory and time, and nothing else. `-Djoust.seed=` repeats a run, `-Djoust.index.mutants=` makes it longer.
class DamagedIndicesTest {
    private static final long SEED = Long.getLong("joust.seed", 20261122);
    private static final int MUTANTS = Integer.getInteger("joust.index.mutants", 600);
    /// Vector kernels are being compiled meanwhile, and box what they work with until they are: some 100 MB a second.
    private static final long MAX_BYTES = 512 << 20;
    private static final long MAX_MILLIS = 5000;
    private static final int FOOTER_BYTES = 40;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Map<String, Integer> outcomes = new TreeMap<>();

    @TempDir
    private Path folder;

    @Test
    void mutantsAreSearchedOrRefused() throws IOException {
        List<GoldenTable> tables = GoldenVectorIndexTest.tables().toList();
        for (GoldenTable table : tables) {
            copy(table.table(), folder.resolve(table.name() + ".lance"));
        }
        Random seeds = new Random(SEED);
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < MUTANTS && failures.size() < 20; i++) {
            long seed = seeds.nextLong();
            GoldenTable table = tables.get(i % tables.size());
            try {
                check(table, new Random(seed));
            } catch (Throwable e) {
                failures.add("mutant " + seed + " of " + table.name() + ": " + e);
                if (failures.size() <= 3) {
                    e.printStackTrace();
                }
            }
        }
        System.out.println(MUTANTS + " damaged indices of seed " + SEED + ": " + outcomes);
        assertEquals(List.of(), failures, "of seed " + SEED);
        assertTrue(
                outcomes.get("refused") > MUTANTS / 10 && outcomes.get("searched") > MUTANTS / 10,
                "the mutator damages too much or too little: " + outcomes);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private void check(GoldenTable table, Random random) throws IOException {
        String name = table.name();
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder.resolve(name + ".lance").resolve("_indices"))) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        Path file = files.get(random.nextInt(files.size()));
        byte[] original = Files.readAllBytes(file);
        Files.write(file, mutant(original, random));
        List<float[]> queries = GoldenVectorIndexTest.queries(table);
        long heapBefore = threads.getTotalThreadAllocatedBytes();
        long start = System.nanoTime();
        String outcome;
        try {
            search(table, queries.get(random.nextInt(queries.size())), random);
            outcome = "searched";
        } catch (CorruptFileException | UnsupportedFormatException e) {
            outcome = "refused";
        } finally {
            Files.write(file, original);
        }
        outcomes.merge(outcome, 1, Integer::sum);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        long allocatedBytes = threads.getTotalThreadAllocatedBytes() - heapBefore;
        assertTrue(millis < MAX_MILLIS, "took " + millis + " ms");
        assertTrue(allocatedBytes < MAX_BYTES, "allocated " + allocatedBytes + " bytes");
    }

    private void search(GoldenTable golden, float[] query, Random random) {
        try (Database database = Joust.connect(folder.toString())) {
            Table table = database.openTable(golden.name());
            Query search = table.search(query).column(GoldenVectorIndexTest.column(golden)).limit(10).nprobes(1 + random.nextInt(8)).select("id");
            List<Map<String, Object>> rows = (random.nextBoolean() ? search : search.refine(3)).toMaps();
            assertEquals(
                    rows.size(), rows.stream().map(row -> row.get("id")).distinct().count(), "a row twice: " + rows);
        }
    }

    /// Damaged anywhere, in a message of the file, or in a global buffer, where centroids and codebooks are.
    private static byte[] mutant(byte[] original, Random random) throws IOException {
        FileMutator messages = FileMutator.of(original, random);
        if (random.nextInt(3) == 0) {
            return messages.mutant();
        }
        ByteBuffer bytes = ByteBuffer.wrap(original).order(ByteOrder.LITTLE_ENDIAN);
        int footer = original.length - FOOTER_BYTES;
        int buffers = (int) bytes.getLong(footer + 16);
        int entry = buffers + 16 * random.nextInt(bytes.getInt(footer + 24));
        int from = random.nextInt(3) == 0 ? 0 : (int) bytes.getLong(entry);
        int length = from == 0 ? original.length : (int) bytes.getLong(entry + 8);
        return new ByteMutator(random, new MessageMutator(random), messages.borders())
                .changed(original, from, from + length);
    }
}
