// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

import com.google.protobuf.ByteString;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.internal.file.FileFooter;
import dev.joust.format.internal.proto.filev2.ColumnMetadata;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Bytes of a 2.x file that no page, column or global buffer, metadata, table or footer has: padding. They decide nothing.
class UnownedBytesTest {
    private static final long SEED = Long.getLong("joust.seed", 20261121);
    private static final int MAX_FILE_BYTES = 60_000;
    private static final ObjectPath PATH = ObjectPath.of("padded.lance");

    private final MemoryObjectStore store = new MemoryObjectStore();

    @Test
    void otherPaddingMakesNoOtherRows() throws IOException {
        System.out.println("padding of seed " + SEED);
        Random random = new Random(SEED);
        long changedBytes = 0;
        int changedFiles = 0;
        try (Session session = Session.builder().cacheBytes(0).build()) {
            for (GoldenTable table : GoldenTables.all(GoldenTable.Reading.NOW)) {
                for (Path path : table.dataFiles()) {
                    byte[] file = Files.readAllBytes(path);
                    boolean isLegacy = file[file.length - 8] == 0 && file[file.length - 6] <= 2;
                    if (isLegacy || file.length > MAX_FILE_BYTES) {
                        continue; // 0.1, whose pages name no buffers; many values, with as little padding as few have
                    }
                    BitSet owned = owned(file);
                    if (owned.cardinality() == file.length || hasBlobs(session, file)) {
                        continue; // blobs lie between pages, where their descriptors say
                    }
                    List<List<Integer>> rows = rows(session, file);
                    byte[] changed = file.clone();
                    for (int at = owned.nextClearBit(0); at < file.length; at = owned.nextClearBit(at + 1)) {
                        changed[at] ^= (byte) (1 + random.nextInt(255));
                        changedBytes++;
                    }
                    changedFiles++;
                    assertEquals(rows, rows(session, changed), table + " " + path.getFileName() + ", seed " + SEED);
                }
            }
        }
        System.out.println(changedBytes + " bytes of padding changed in " + changedFiles + " files");
        assertTrue(changedFiles > 100 && changedBytes > 100L * changedFiles, changedBytes + " bytes of padding");
    }

    private static BitSet owned(byte[] file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        FileFooter footer = FileFooter.parse(PATH, 0, MemorySegment.ofArray(file));
        BitSet owned = new BitSet(file.length);
        own(owned, file.length - FileFooter.SIZE_BYTES, FileFooter.SIZE_BYTES);
        own(owned, footer.columnTableStart(), 16L * footer.columnCount());
        own(owned, footer.globalBufferTableStart(), 16L * footer.globalBufferCount());
        for (int i = 0; i < footer.globalBufferCount(); i++) {
            int entry = (int) footer.globalBufferTableStart() + 16 * i;
            own(owned, bytes.getLong(entry), bytes.getLong(entry + 8));
        }
        for (int i = 0; i < footer.columnCount(); i++) {
            int entry = (int) footer.columnTableStart() + 16 * i;
            long start = bytes.getLong(entry);
            long length = bytes.getLong(entry + 8);
            own(owned, start, length);
            ColumnMetadata column = ColumnMetadata.parseFrom(ByteString.copyFrom(file, (int) start, (int) length));
            for (int b = 0; b < column.getBufferOffsetsCount(); b++) {
                own(owned, column.getBufferOffsets(b), column.getBufferSizes(b));
            }
            for (ColumnMetadata.Page page : column.getPagesList()) {
                for (int b = 0; b < page.getBufferOffsetsCount(); b++) {
                    own(owned, page.getBufferOffsets(b), page.getBufferSizes(b));
                }
            }
        }
        return owned;
    }

    private static void own(BitSet owned, long start, long length) {
        owned.set((int) start, (int) (start + length));
    }

    private boolean hasBlobs(Session session, byte[] file) throws IOException {
        store.put(PATH, file);
        try (LanceFileReader reader = LanceFileReader.open(session, store, PATH, file.length)) {
            return reader.schema().preOrder().stream().anyMatch(BlobFields::isBlob);
        }
    }

    /// Hashes of the values, column by column.
    private List<List<Integer>> rows(Session session, byte[] file) throws IOException {
        store.put(PATH, file);
        List<List<Integer>> columns = new ArrayList<>();
        try (ArrowMemory memory = new ArrowMemory(1L << 30);
                LanceFileReader reader = LanceFileReader.open(session, store, PATH, file.length);
                BatchReader scan = reader.scan(reader.projection(), 0, reader.rowCount(), 4096, memory)) {
            for (Batch next = scan.next(); next != null; next = scan.next()) {
                try (Batch batch = next;
                        VectorSchemaRoot root = ArrowBatches.toArrow(batch, memory.allocator())) {
                    for (FieldVector vector : root.getFieldVectors()) {
                        List<Integer> hashes = new ArrayList<>();
                        for (int row = 0; row < root.getRowCount(); row++) {
                            hashes.add(vector.hashCode(row));
                        }
                        columns.add(hashes);
                    }
                }
            }
        }
        return columns;
    }
}
