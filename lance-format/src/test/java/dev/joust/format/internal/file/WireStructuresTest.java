// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.bytes.ByteCursor;
import dev.joust.format.internal.bytes.ByteSink;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding;
import dev.joust.format.internal.encoding.page.PageLayout;
import dev.joust.format.internal.encoding.page.PageLayoutCodec;
import dev.joust.format.internal.encoding.repdef.RepDefLayer;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.ByteRange;
import dev.joust.io.ObjectPath;

/// The structures around the pages, against bytes that the reference wrote.
class WireStructuresTest {
    private static final ObjectPath FILE = ObjectPath.of("data/c.lance");
    private static final MemorySegment BYTES = AnnotatedFile.segment();

    @Test
    void footerSaysWhereTheTablesAre() {
        FileFooter footer = FileFooter.parse(FILE, 0, BYTES);
        assertEquals(new FileFooter(0x9f, 0x10e, 0x11e, 1, 1, FileVersion.V2_2), footer);
        ByteSink sink = new ByteSink();
        footer.writeTo(sink);
        assertArrayEquals(BYTES.asSlice(0x12e).toArray(ValueLayout.JAVA_BYTE), sink.toByteArray());
    }

    @Test
    void footerOfEveryVersionIsKnownByItsNumbers() {
        for (FileVersion version : FileVersion.values()) {
            ByteSink sink = new ByteSink();
            new FileFooter(0, 0, 0, 1, 0, version).writeTo(sink);
            MemorySegment file = java.lang.foreign.Arena.ofAuto().allocate(16 + sink.size());
            MemorySegment.copy(sink.view(), 0, file, 16, sink.size());
            assertEquals(version, FileFooter.parse(FILE, 0, file).version());
            assertEquals(version, FileVersion.fromNumbers(version.manifestMajor(), version.manifestMinor()));
        }
    }

    @Test
    void descriptorIsReadAndWrittenAsTheReferenceDoes() {
        FileDescriptor descriptor = FileDescriptorCodec.parse(new ByteCursor(FILE, 0x80, BYTES.asSlice(0x80, 31)));
        assertEquals(3, descriptor.rowCount());
        assertEquals(
                new Schema(
                        List.of(new Field(0, "c", new LogicalType.Int(32, true), true, List.of(), Map.of())),
                        Map.of()),
                descriptor.schema());
        assertArrayEquals(
                BYTES.asSlice(0x80, 31).toArray(ValueLayout.JAVA_BYTE), FileDescriptorCodec.toBytes(descriptor));
    }

    @Test
    void columnMetadataIsReadAndWrittenAsTheReferenceDoes() {
        ColumnMetadata column = ColumnMetadataCodec.parse(new ByteCursor(FILE, 0x9f, BYTES.asSlice(0x9f, 111)), 0x9f);
        assertEquals(ColumnMetadataCodec.PLAIN_VALUES, column.encoding());
        PageInfo page = column.pages().getFirst();
        assertEquals(List.of(new ByteRange(0, 4), new ByteRange(64, 24)), page.buffers());
        assertEquals(3, page.length());
        assertEquals(
                new PageLayout.MiniBlockLayout(
                        null,
                        null,
                        new CompressiveEncoding.Flat(32),
                        null,
                        0,
                        List.of(RepDefLayer.ALL_VALID_ITEM),
                        1,
                        0,
                        3,
                        true),
                PageLayoutCodec.parse(page.encoding()));
        assertEquals(page.encoding(), PageLayoutCodec.toEncodedMessage(PageLayoutCodec.parse(page.encoding())));
        assertArrayEquals(
                BYTES.asSlice(0x9f, 111).toArray(ValueLayout.JAVA_BYTE), ColumnMetadataCodec.toBytes(column));
    }

    @Test
    void cutFooterIsReportedWithFileAndOffset() {
        CorruptFileException cut = assertThrows(
                CorruptFileException.class, () -> FileFooter.parse(FILE, 0, BYTES.asSlice(0, BYTES.byteSize() - 1)));
        assertTrue(cut.getMessage().startsWith("data/c.lance @ 337: magic"), cut.getMessage());
        assertThrows(CorruptFileException.class, () -> FileFooter.parse(FILE, 0, BYTES.asSlice(0, 0)));
    }

    @Test
    void countsThatTheFileCannotHoldAreRefused() {
        MemorySegment damaged = AnnotatedFile.segment();
        damaged.set(ValueLayout.JAVA_BYTE, damaged.byteSize() - 10, (byte) 0x7f);
        CorruptFileException tooMany =
                assertThrows(CorruptFileException.class, () -> FileFooter.parse(FILE, 0, damaged));
        assertTrue(tooMany.getMessage().contains("number of columns"), tooMany.getMessage());
    }

    @Test
    void bufferOutsideTheDataIsRefused() {
        assertThrows(
                CorruptFileException.class,
                () -> ColumnMetadataCodec.parse(new ByteCursor(FILE, 0x9f, BYTES.asSlice(0x9f, 111)), 80));
    }

    @Test
    void versionsOfTheFutureAreRefusedByName() {
        UnsupportedFormatException future =
                assertThrows(UnsupportedFormatException.class, () -> FileVersion.fromNumbers(2, 9));
        assertTrue(future.getMessage().contains("2.9"), future.getMessage());
    }

    @Test
    void nestedFieldsKeepTheirPlaceInTheTree() {
        Field item = new Field(7, "item", new LogicalType.Int(32, true), true, List.of(), Map.of());
        Schema schema = new Schema(
                List.of(
                        new Field(
                                3,
                                "s",
                                new LogicalType.Struct(),
                                true,
                                List.of(
                                        new Field(4, "a", new LogicalType.Utf8(false), false, List.of(), Map.of("k", "v")),
                                        new Field(6, "l", new LogicalType.List(false, false), true, List.of(item), Map.of())),
                                Map.of()),
                        new Field(0, "z", new LogicalType.Null(), true, List.of(), Map.of())),
                Map.of("m", "x"));
        FileDescriptor descriptor = new FileDescriptor(schema, 9);
        byte[] bytes = FileDescriptorCodec.toBytes(descriptor);
        MemorySegment segment = java.lang.foreign.Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, bytes);
        assertEquals(descriptor, FileDescriptorCodec.parse(new ByteCursor(FILE, 0, segment)));
    }

    @Test
    void parentThatComesLaterIsRefused() {
        MemorySegment bytes = AnnotatedFile.segment().asSlice(0x80, 31);
        // parent_id -1 becomes 5: one byte, the other nine turn into a field that is not known
        byte[] damaged = java.util.HexFormat.of().parseHex("0a120a10120163200528012a05696e74333230013801");
        MemorySegment segment = java.lang.foreign.Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, damaged);
        assertThrows(CorruptFileException.class, () -> FileDescriptorCodec.parse(new ByteCursor(FILE, 0, segment)));
        assertEquals(3, FileDescriptorCodec.parse(new ByteCursor(FILE, 0, bytes)).rowCount());
    }
}
