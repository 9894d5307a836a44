// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.internal.bytes.ByteSink;
import dev.joust.format.internal.proto.file.Metadata;
import dev.joust.format.internal.proto.table.Manifest;
import dev.joust.io.ObjectPath;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.testdata.GoldenTables;

/// Files of version 0.1: what they cost to read, and what is particular to them. That they read as the reference reads
/// them is for {@link GoldenFilesTest}.
class LegacyFilesTest {
    private final Session session = Session.builder().reuseTails(false).build();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final ArrowMemory memory = new ArrowMemory(1 << 28);
    private int fileCount;

    @AfterEach
    void close() {
        memory.close();
        session.close();
    }

    private byte[] golden(String name) throws IOException {
        return Files.readAllBytes(GoldenTables.named(name).dataFiles().getFirst());
    }

    private LanceFileReader open(byte[] file) throws IOException {
        // another path each time: the session remembers what it read of one
        ObjectPath path = ObjectPath.of("data/" + fileCount++ + ".lance");
        store.put(path, file);
        return LanceFileReader.open(session, store, path, -1);
    }

    @Test
    void openingIsOneRequestAndNoneTheSecondTime() throws IOException {
        byte[] file = golden("fragments-0.1");
        ObjectPath path = ObjectPath.of("data/a.lance");
        store.put(path, file);
        ReadStats before = store.stats();
        LanceFileReader.open(session, store, path, -1);
        assertEquals(1, store.stats().since(before).requestCount());
        LanceFileReader.open(session, store, path, file.length);
        assertEquals(1, store.stats().since(before).requestCount());
    }

    @Test
    void wholeBatchesOfTheFileAreReadInOneRequest() throws IOException {
        LanceFileReader reader = open(golden("fragments-0.1"));
        ReadStats before = store.stats();
        try (BatchReader scan = reader.scan(reader.projection(), 0, reader.rowCount(), 1000, memory);
                Batch batch = scan.next()) {
            assertEquals(reader.rowCount(), batch == null ? 0 : batch.rowCount());
        }
        assertEquals(1, store.stats().since(before).requestCount());
    }

    @Test
    void oneRowsStringIsItsTwoPositionsAndThenItsBytes() throws IOException {
        LanceFileReader reader = open(golden("fragments-0.1"));
        FileProjection name = reader.projection().select(List.of("name"));
        ReadStats before = store.stats();
        try (Batch batch = reader.take(name, new long[] {41}, memory)) {
            Object value = ColumnValues.get(batch.column("name"), 0);
            assertEquals("person 41", value);
        }
        ReadStats cost = store.stats().since(before);
        assertEquals(2, cost.requestCount());
        assertEquals(16 + "person 41".length(), cost.bytesRead());
    }

    @Test
    void numbersAlikeAreReadFromTheirPlace() throws IOException {
        LanceFileReader reader = open(golden("fragments-0.1"));
        FileProjection id = reader.projection().select(List.of("id"));
        ReadStats before = store.stats();
        try (Batch batch = reader.take(id, new long[] {77, 5, 77}, memory)) {
            ColumnBuffers column = batch.column("id");
            assertEquals(List.of(77L, 5L, 77L), List.of(number(column, 0), number(column, 1), number(column, 2)));
        }
        ReadStats cost = store.stats().since(before);
        assertTrue(cost.requestCount() <= 2 && cost.bytesRead() <= 4096 + 16, cost.toString());
    }

    private static @Nullable Object number(ColumnBuffers column, int row) {
        return ColumnValues.get(column, row);
    }

    /// Writers before 0.8.0 gave files of added columns a page table from id 0 on.
    @Test
    void pageTableOfAnAddedColumnMayStartAtFieldZero() throws IOException {
        for (Path path : GoldenTables.named("fragments-0.1").dataFiles()) {
            byte[] file = Files.readAllBytes(path);
            LanceFileReader reader = open(file);
            int firstId = reader.schema().fields().getFirst().id();
            if (firstId == 0) {
                continue;
            }
            assertEquals(values(reader), values(open(withPageTableFromZero(file, firstId))));
            return;
        }
        fail("no file of an added column");
    }

    private static byte[] withPageTableFromZero(byte[] file, int firstId) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int metadataAt = (int) bytes.getLong(file.length - 16);
        Metadata metadata =
                Metadata.parseFrom(ByteString.copyFrom(file, metadataAt + 4, bytes.getInt(metadataAt)));
        int tableAt = (int) metadata.getPageTablePosition();
        int manifestAt = (int) metadata.getManifestPosition();
        int manifestEnd = manifestAt + 4 + bytes.getInt(manifestAt);
        int batchCount = metadata.getBatchOffsetsCount() - 1;
        Manifest manifest = Manifest.parseFrom(ByteString.copyFrom(file, manifestAt + 4, manifestEnd - manifestAt - 4));
        int lastId = manifest.getFieldsList().stream().mapToInt(f -> f.getId()).max().orElseThrow();
        int tableBytes = 16 * batchCount * (lastId - firstId + 1);

        ByteSink old = new ByteSink();
        old.bytes(file, 0, tableAt).bytes(new byte[16 * batchCount * firstId]).bytes(file, tableAt, tableBytes);
        int newManifestAt = old.size();
        old.bytes(file, manifestAt, manifestEnd - manifestAt);
        int newMetadataAt = old.size();
        byte[] newMetadata = metadata.toBuilder()
                .clearStatistics()
                .setManifestPosition(newManifestAt)
                .build()
                .toByteArray();
        old.u32(newMetadata.length).bytes(newMetadata).u64(newMetadataAt).bytes(file, file.length - 8, 8);
        return old.toByteArray();
    }

    private List<@Nullable Object> values(LanceFileReader reader) throws IOException {
        List<@Nullable Object> values = new ArrayList<>();
        try (BatchReader scan = reader.scan(reader.projection(), 0, reader.rowCount(), 50, memory)) {
            for (Batch batch = scan.next(); batch != null; batch = scan.next()) {
                try (Batch open = batch) {
                    for (ColumnBuffers column : open.columns()) {
                        for (int row = 0; row < open.rowCount(); row++) {
                            values.add(ColumnValues.get(column, row));
                        }
                    }
                }
            }
        }
        return values;
    }

    @Test
    void pagesPastTheirEndAreCorrupt() throws IOException {
        byte[] file = golden("fragments-0.1");
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int metadataAt = (int) bytes.getLong(file.length - 16);
        Metadata metadata =
                Metadata.parseFrom(ByteString.copyFrom(file, metadataAt + 4, bytes.getInt(metadataAt)));
        bytes.putLong((int) metadata.getPageTablePosition(), metadata.getPageTablePosition() - 8);
        LanceFileReader reader = open(file);
        CorruptFileException corrupt = assertThrows(CorruptFileException.class, () -> values(reader));
        assertTrue(corrupt.getMessage().contains("page of field 0 in batch 0"), corrupt.getMessage());
    }
}
