// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToLongFunction;

import org.junit.jupiter.api.Test;

import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.encoding.compress.CompressionScheme;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding.ByteStreamSplit;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding.Flat;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding.Fsst;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding.General;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding.InlineBitpacking;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding.Variable;
import dev.joust.format.internal.encoding.page.EncodedPage;
import dev.joust.format.internal.encoding.page.PageLayout;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// What a field's metadata asks for, and which form its pages take then.
class EncodingRequestTest {
    private static final int ROWS = 20_000;

    private static Field field(LogicalType type, String... keysAndValues) {
        Map<String, String> metadata = new java.util.HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            metadata.put("lance-encoding:" + keysAndValues[i], keysAndValues[i + 1]);
        }
        return new Field(Field.UNASSIGNED, "c", type, true, List.of(), metadata);
    }

    private static EncodedPage encode(FileVersion version, LeafValues values, Field field) {
        List<PageEncoder.EncodedRows> pages =
                PageEncoder.of(version, field, field).encode(PageData.flat(0, values.count(), null, values));
        assertEquals(1, pages.size());
        return pages.getFirst().page();
    }

    private static CompressiveEncoding longs(IntToLongFunction value, String... metadata) {
        byte[] bytes = new byte[8 * ROWS];
        for (int i = 0; i < ROWS; i++) {
            LittleEndian.putLong(bytes, 8 * i, value.applyAsLong(i));
        }
        EncodedPage page = encode(
                FileVersion.V2_1, new LeafValues.FixedWidth(64, ROWS, bytes),
                field(new LogicalType.Int(64, true), metadata));
        return values(page);
    }

    private static CompressiveEncoding values(EncodedPage page) {
        return switch (page.layout()) {
            case PageLayout.MiniBlockLayout layout -> layout.values();
            case PageLayout.FullZipLayout layout -> layout.values();
            case PageLayout.ConstantLayout _, PageLayout.BlobLayout _, PageLayout.SparseLayout _ ->
                throw new AssertionError(page.layout());
        };
    }

    private static LeafValues.VariableWidth sentences(int count, int words) {
        var random = new SplittableRandom(5);
        var text = new StringBuilder();
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++) {
            for (int word = 0; word < words; word++) {
                text.append(List.of("red", "green", "bicycle", "street", "small", "old").get(random.nextInt(6)))
                        .append(random.nextInt(100));
            }
            offsets[i + 1] = text.length();
        }
        return new LeafValues.VariableWidth(32, count, offsets, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static CompressiveEncoding text(int words, String... metadata) {
        return values(encode(
                FileVersion.V2_2, sentences(2000, words), field(new LogicalType.Utf8(false), metadata)));
    }

    @Test
    void sortedNumbersAreSplitIntoStreamsUnderCompression() {
        for (String scheme : List.of("lz4", "zstd")) {
            General general = assertInstanceOf(General.class, longs(i -> 1000L * i, "compression", scheme));
            assertEquals(CompressionScheme.valueOf(scheme.toUpperCase(java.util.Locale.ROOT)), general.scheme());
            assertEquals(new ByteStreamSplit(new Flat(64)), general.values());
        }
    }

    @Test
    void streamsCanBeForbiddenAndForced() {
        General without = assertInstanceOf(General.class, longs(i -> 1000L * i, "compression", "zstd", "bss", "off"));
        assertNotEquals(new ByteStreamSplit(new Flat(64)), without.values());
        var random = new SplittableRandom(6);
        General forced = assertInstanceOf(
                General.class, longs(_ -> random.nextInt(1 << 20) * 256L, "compression", "zstd", "bss", "ON"));
        assertEquals(new ByteStreamSplit(new Flat(64)), forced.values());
    }

    @Test
    void streamsAreNothingWithoutCompression() {
        assertEquals(new InlineBitpacking(64), longs(i -> i, "bss", "on"));
    }

    @Test
    void noiseStaysUncompressed() {
        var random = new SplittableRandom(7);
        assertEquals(new Flat(64), longs(_ -> random.nextLong(), "compression", "lz4"));
    }

    @Test
    void noneMeansFlat() {
        assertEquals(new Flat(64), longs(i -> i, "compression", "none"));
        assertEquals(new Variable(new Flat(32)), text(6, "compression", "none"));
        assertEquals(new Variable(new Flat(32)), text(100, "compression", "none"));
    }

    @Test
    void textIsCompressedAsAsked() {
        assertInstanceOf(Fsst.class, text(6));
        assertInstanceOf(Fsst.class, text(6, "compression", "fsst"));
        assertEquals(
                new General(CompressionScheme.LZ4, null, new Variable(new Flat(32))),
                text(6, "compression", "lz4"));
        assertEquals(
                new General(CompressionScheme.ZSTD, null, new Variable(new Flat(32))),
                text(6, "compression", "zstd", "compression-level", "9"));
    }

    @Test
    void longTextIsCompressedByZstdWhateverIsAsked() {
        assertInstanceOf(Fsst.class, text(100));
        for (String scheme : List.of("lz4", "zstd")) {
            assertEquals(
                    new General(CompressionScheme.ZSTD, null, new Variable(new Flat(32))),
                    text(100, "compression", scheme));
        }
    }

    @Test
    void runLengthsNeedFewEnoughRuns() {
        IntToLongFunction runs = i -> i / 3 * 0x123456789ABCDEFL;
        assertInstanceOf(CompressiveEncoding.Rle.class, longs(runs));
        assertInstanceOf(CompressiveEncoding.Rle.class, longs(runs, "rle-threshold", "0.5"));
        assertEquals(new Flat(64), longs(runs, "rle-threshold", "0.2"));
    }

    @Test
    void chunksOfTextAreAsLongAsAsked() {
        var type = new LogicalType.Utf8(false);
        int usual = encode(FileVersion.V2_2, sentences(2000, 6), field(type)).buffers().getFirst().length();
        int larger = encode(FileVersion.V2_2, sentences(2000, 6), field(type, "minichunk-size", "16384"))
                .buffers().getFirst().length();
        assertTrue(larger < usual, larger + " and " + usual);
        // words of 2 bytes in 2.1, and no chunk longer than it can tell
        assertEquals(larger, 2 * encode(FileVersion.V2_1, sentences(2000, 6), field(type, "minichunk-size", "60000"))
                .buffers().getFirst().length());
    }

    @Test
    void structureIsAsAsked() {
        LeafValues.FixedWidth bits = new LeafValues.FixedWidth(1, 16, new byte[] {0x55, 0x0F});
        EncodedPage zipped =
                encode(FileVersion.V2_2, bits, field(new LogicalType.Bool(), "structural-encoding", "fullzip"));
        assertEquals(8, assertInstanceOf(PageLayout.FullZipLayout.class, zipped.layout()).bits());
        assertEquals(16, zipped.buffers().getFirst().length());
        EncodedPage blocks = encode(
                FileVersion.V2_2, sentences(90, 100),
                field(new LogicalType.Utf8(false), "structural-encoding", "MINIBLOCK"));
        assertInstanceOf(PageLayout.MiniBlockLayout.class, blocks.layout());
    }

    @Test
    void dictionariesAreAsAsked() {
        LeafValues.VariableWidth values = sentences(300, 6);
        LeafValues.VariableWidth twice = new LeafValues.VariableWidth(32, 3000, repeatedOffsets(values), repeatedBytes(values));
        var type = new LogicalType.Utf8(false);
        PageLayout.MiniBlockLayout usual = miniBlock(encode(FileVersion.V2_2, twice, field(type)));
        assertEquals(CompressionScheme.LZ4, assertInstanceOf(General.class, usual.dictionary()).scheme());
        PageLayout.MiniBlockLayout zstd =
                miniBlock(encode(FileVersion.V2_2, twice, field(type, "dict-values-compression", "zstd")));
        assertEquals(CompressionScheme.ZSTD, assertInstanceOf(General.class, zstd.dictionary()).scheme());
        PageLayout.MiniBlockLayout plain =
                miniBlock(encode(FileVersion.V2_2, twice, field(type, "dict-values-compression", "none")));
        assertEquals(new Variable(new Flat(32)), plain.dictionary());
        assertEquals(new Variable(new Flat(32)), miniBlock(encode(FileVersion.V2_1, twice, field(type))).dictionary());
        for (String[] forbids : List.of(
                new String[] {"dict-divisor", "1000"}, new String[] {"dict-size-ratio", "0.01"},
                new String[] {"dict-max-size", "100"})) {
            assertInstanceOf(
                    Fsst.class, values(encode(FileVersion.V2_2, twice, field(type, forbids))), forbids[0]);
        }
    }

    private static PageLayout.MiniBlockLayout miniBlock(EncodedPage page) {
        return assertInstanceOf(PageLayout.MiniBlockLayout.class, page.layout());
    }

    private static int[] repeatedOffsets(LeafValues.VariableWidth values) {
        int[] offsets = new int[10 * values.count() + 1];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = i / values.count() * values.byteCount() + values.offsets()[i % values.count()];
        }
        return offsets;
    }

    private static byte[] repeatedBytes(LeafValues.VariableWidth values) {
        byte[] bytes = new byte[10 * values.byteCount()];
        for (int i = 0; i < 10; i++) {
            System.arraycopy(values.bytes(), 0, bytes, i * values.byteCount(), values.byteCount());
        }
        return bytes;
    }

    @Test
    void whatCannotBeUnderstoodIsPassedOver() {
        Field odd = field(
                new LogicalType.Utf8(false), "rle-threshold", "often", "bss", "maybe", "minichunk-size", "large",
                "dict-divisor", "-", "dict-size-ratio", "?", "compression-level", "best");
        assertEquals(EncodingRequest.DEFAULT, EncodingRequest.of(odd, odd));
    }

    @Test
    void whatTheReferenceFailsOnIsRefusedByName() {
        for (String[] asked : List.of(
                new String[] {"compression", "gzip"}, new String[] {"dict-size-ratio", "0"},
                new String[] {"dict-size-ratio", "1.5"}, new String[] {"dict-max-size", "much"},
                new String[] {"dict-values-compression", "fsst"}, new String[] {"structural-encoding", "sparse"})) {
            Field field = field(new LogicalType.Utf8(false), asked);
            String message = assertThrows(IllegalArgumentException.class, () -> EncodingRequest.of(field, field))
                    .getMessage();
            assertTrue(message.contains("'c'") && message.contains(asked[0]) && message.contains(asked[1]), message);
        }
    }

    @Test
    void structureComesFromTheRootAndTheRestFromTheLeaf() {
        Field root = field(new LogicalType.Utf8(false), "structural-encoding", "fullzip", "compression", "lz4");
        Field leaf = field(new LogicalType.Utf8(false), "structural-encoding", "miniblock", "compression", "zstd");
        EncodingRequest request = EncodingRequest.of(root, leaf);
        assertEquals(EncodingRequest.Structure.FULL_ZIP, request.structure());
        assertEquals(EncodingRequest.Compression.ZSTD, request.compression());
    }
}
