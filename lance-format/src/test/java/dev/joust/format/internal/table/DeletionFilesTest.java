// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DeletionFile;
import dev.joust.format.table.DeletionVector;
import dev.joust.io.ObjectPath;
import dev.joust.testdata.GoldenTables;

class DeletionFilesTest {
    private static final ObjectPath PATH = ObjectPath.of("_deletions/0-1-1.arrow");
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void bothFormatsReadBackWhatWasWritten() throws IOException {
        for (int count : new int[] {1, 2, 3, 1000, 4999, 70_000}) {
            DeletionVector vector = everyThird(count);
            for (DeletionFile.Encoding encoding : DeletionFile.Encoding.values()) {
                byte[] bytes = DeletionFiles.toBytes(vector, encoding);
                assertEquals(vector, DeletionFiles.parse(PATH, bytes, file(encoding, count)));
            }
        }
    }

    @Test
    void arrowJavaReadsTheArrowFormat() throws IOException {
        byte[] bytes = DeletionFiles.toBytes(everyThird(7), DeletionFile.Encoding.ARROW);
        try (var allocator = new org.apache.arrow.memory.RootAllocator();
                var channel = new org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel(bytes);
                var reader = new org.apache.arrow.vector.ipc.ArrowFileReader(channel, allocator)) {
            assertTrue(reader.loadNextBatch());
            var root = reader.getVectorSchemaRoot();
            assertEquals("Schema<row_id: Int(32, false) not null>", root.getSchema().toString());
            assertEquals("[0, 3, 6, 9, 12, 15, 18]", root.getVector(0).toString());
        }
    }

    @Test
    void filesOfTheReferenceHoldAsManyRowsAsTheirManifestsSay() throws IOException {
        int count = 0;
        for (var table : GoldenTables.all()) {
            Path versions = table.table().resolve("_versions");
            if (!Files.isDirectory(versions)) {
                continue;
            }
            try (Stream<Path> manifests = Files.list(versions)) {
                for (Path path : manifests.filter(p -> p.toString().endsWith(".manifest")).toList()) {
                    var manifest = ManifestFile.parse(
                                    PATH, java.lang.foreign.MemorySegment.ofArray(Files.readAllBytes(path)))
                            .manifest();
                    for (var fragment : manifest.fragments()) {
                        DeletionFile file = fragment.deletionFile();
                        // old writers did not count
                        if (file == null || file.baseId() != null || file.deletedRowCount() == 0) {
                            continue;
                        }
                        Path deletions = table.table().resolve("_deletions").resolve(file.fileName(fragment.id()));
                        if (Files.exists(deletions)) {
                            var vector = DeletionFiles.parse(PATH, Files.readAllBytes(deletions), file);
                            assertEquals(file.deletedRowCount(), vector.deletedRowCount());
                            count++;
                        }
                    }
                }
            }
        }
        assertTrue(count > 3, count + " deletion files");
    }

    @Test
    void damagedFilesAreReportedOrHoldOtherRows() throws IOException {
        long seed = Long.getLong("joust.seed", 11L);
        Random random = new Random(seed);
        for (DeletionFile.Encoding encoding : DeletionFile.Encoding.values()) {
            byte[] bytes = DeletionFiles.toBytes(everyThird(1000), encoding);
            for (int cut = 0; cut < bytes.length; cut++) {
                byte[] shortened = Arrays.copyOf(bytes, cut);
                assertThrows(
                        CorruptFileException.class,
                        () -> DeletionFiles.parse(PATH, shortened, file(encoding, 1000)),
                        encoding + " cut to " + cut);
            }
            for (int i = 0; i < 3000; i++) {
                byte[] flipped = bytes.clone();
                int at = random.nextInt(flipped.length);
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
                try {
                    var vector = DeletionFiles.parse(PATH, flipped, file(encoding, 1000));
                    assertEquals(1000, vector.deletedRowCount());
                } catch (CorruptFileException | UnsupportedFormatException e) {
                    assertTrue(e.getMessage().startsWith(PATH.value()), e.getMessage());
                } catch (RuntimeException e) {
                    throw new AssertionError(encoding + ", byte " + at + ", seed " + seed, e);
                }
                long allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
                assertTrue(allocated < 64L << 20, () -> "byte " + at + ": " + allocated + " bytes allocated");
            }
        }
    }

    @Test
    void otherColumnsThanRowIdAreRefused() throws IOException {
        byte[] bytes = DeletionFiles.toBytes(everyThird(3), DeletionFile.Encoding.ARROW);
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        byte[] renamed = text.replace("row_id", "row_ix").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        var error = assertThrows(
                CorruptFileException.class,
                () -> DeletionFiles.parse(PATH, renamed, file(DeletionFile.Encoding.ARROW, 3)));
        assertTrue(error.getMessage().contains("row_ix"), error.getMessage());
    }

    @Test
    void liveRowsAreFoundByTheirNumber() {
        DeletionVector vector = everyThird(4); // 0, 3, 6, 9
        long[] live = {1, 2, 4, 5, 7, 8, 10, 11, 12};
        for (int i = 0; i < live.length; i++) {
            assertEquals(live[i], vector.offsetOfLiveRow(i));
            assertEquals(live[i] - i, vector.deletedRowsBefore(live[i]));
        }
    }

    private static DeletionVector everyThird(int count) {
        RoaringBitmap bitmap = new RoaringBitmap();
        for (int i = 0; i < count; i++) {
            bitmap.add(3 * i);
        }
        return DeletionVector.of(bitmap);
    }

    private static DeletionFile file(DeletionFile.Encoding encoding, long count) {
        return new DeletionFile(encoding, 1, 1, count, null, Bytes.EMPTY);
    }
}
