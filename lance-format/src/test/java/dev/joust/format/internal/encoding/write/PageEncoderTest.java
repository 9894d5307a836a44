// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding;
import dev.joust.format.internal.encoding.page.EncodedPage;
import dev.joust.format.internal.encoding.page.PageLayout;
import dev.joust.format.internal.encoding.repdef.RepDefLayer;

/// Which form a page takes.
class PageEncoderTest {
    private static final int ROWS = 5000;

    private static EncodedPage encode(FileVersion version, LeafValues values, byte @Nullable [] validity) {
        List<PageEncoder.EncodedRows> pages = new PageEncoder(version, true, EncodingRequest.DEFAULT, List.of())
                .encode(PageData.flat(0, values.count(), validity, values));
        assertEquals(1, pages.size());
        return pages.getFirst().page();
    }

    private static EncodedPage encode(LeafValues values) {
        return encode(FileVersion.V2_2, values, null);
    }

    private static LeafValues.FixedWidth ints(int count, IntUnaryOperator value) {
        byte[] bytes = new byte[4 * count];
        for (int i = 0; i < count; i++) {
            LittleEndian.putInt(bytes, 4 * i, value.applyAsInt(i));
        }
        return new LeafValues.FixedWidth(32, count, bytes);
    }

    private static LeafValues.VariableWidth strings(int count, java.util.function.IntFunction<String> value) {
        int[] offsets = new int[count + 1];
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(value.apply(i));
            offsets[i + 1] = text.length();
        }
        return new LeafValues.VariableWidth(32, count, offsets, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] everyTenth(int count) {
        byte[] bits = new byte[(count + 7) / 8];
        for (int i = 0; i < count; i += 10) {
            bits[i >>> 3] |= (byte) (1 << (i & 7));
        }
        return bits;
    }

    private static PageLayout.MiniBlockLayout miniBlock(EncodedPage page) {
        return assertInstanceOf(PageLayout.MiniBlockLayout.class, page.layout());
    }

    @Test
    void smallNumbersArePacked() {
        EncodedPage page = encode(ints(ROWS, i -> i * 31 % 100));
        assertEquals(new CompressiveEncoding.InlineBitpacking(32), miniBlock(page).values());
    }

    @Test
    void negativeNumbersStayFlat() {
        var random = new SplittableRandom(1);
        EncodedPage page = encode(ints(ROWS, _ -> random.nextInt()));
        assertEquals(new CompressiveEncoding.Flat(32), miniBlock(page).values());
        assertNull(miniBlock(page).definition());
    }

    @Test
    void longRunsAreCounted() {
        EncodedPage page = encode(ints(ROWS, i -> i / 500 * 1_000_003));
        assertInstanceOf(CompressiveEncoding.Rle.class, miniBlock(page).values());
    }

    @Test
    void oneValueIsConstant() {
        EncodedPage page = encode(ints(ROWS, _ -> 0x01020304));
        assertEquals(
                new PageLayout.ConstantLayout(
                        List.of(RepDefLayer.ALL_VALID_ITEM), Bytes.wrap(new byte[] {4, 3, 2, 1}), null, null, 0, 0),
                page.layout());
        assertEquals(List.of(), page.buffers());
    }

    @Test
    void oneValueIsNoConstantInTheOlderVersion() {
        assertInstanceOf(
                PageLayout.MiniBlockLayout.class, encode(FileVersion.V2_1, ints(ROWS, _ -> 7), null).layout());
    }

    /// The levels of constant pages are not compressed: 2 bytes a row, where packed ones take an eighth.
    @Test
    void oneValueAmongNullsAvoidsLevelsOfTwoBytes() {
        EncodedPage numbers = encode(FileVersion.V2_2, ints(100_000, _ -> 123_456_789), everyTenth(100_000));
        assertTrue(numbers.sizeBytes() < 20_000, "number: " + numbers.sizeBytes());
        EncodedPage text = encode(
                FileVersion.V2_2, strings(100_000, i -> i % 10 == 0 ? "the same" : ""), everyTenth(100_000));
        assertTrue(text.sizeBytes() < 20_000, "text: " + text.sizeBytes());
    }

    @Test
    void nothingButNullsHasNoBuffers() {
        EncodedPage page = encode(FileVersion.V2_2, ints(ROWS, i -> i), new byte[ROWS / 8 + 1]);
        assertEquals(
                new PageLayout.ConstantLayout(List.of(RepDefLayer.NULLABLE_ITEM), null, null, null, 0, 0),
                page.layout());
        assertEquals(List.of(), page.buffers());
    }

    @Test
    void repeatedTextGetsDictionary() {
        EncodedPage page = encode(strings(ROWS, i -> "category " + i * 7 % 20));
        assertEquals(20, miniBlock(page).dictionaryItemCount());
        assertEquals(3, page.buffers().size());
    }

    @Test
    void differentTextGetsSymbolTable() {
        var random = new SplittableRandom(2);
        EncodedPage page = encode(strings(ROWS, i -> "item number " + random.nextInt() + " of the list"));
        assertInstanceOf(CompressiveEncoding.Fsst.class, miniBlock(page).values());
    }

    @Test
    void longTextIsZippedAndVeryLongTextCompressedOneByOne() {
        EncodedPage zipped = encode(strings(40, i -> Integer.toString(i * 7919).repeat(100)));
        var layout = assertInstanceOf(PageLayout.FullZipLayout.class, zipped.layout());
        assertTrue(layout.variable());
        EncodedPage compressed = encode(strings(4, i -> Integer.toString(i * 7919).repeat(20_000)));
        layout = assertInstanceOf(PageLayout.FullZipLayout.class, compressed.layout());
        assertInstanceOf(CompressiveEncoding.General.class, layout.values());
    }

    @Test
    void vectorsWithoutNullsAreNotCopied() {
        byte[] bytes = new byte[100 * 768 * 4];
        new SplittableRandom(3).nextBytes(bytes);
        EncodedPage page = encode(new LeafValues.FixedSizeList(
                768, 100, null, new LeafValues.FixedWidth(32, 76_800, bytes)));
        assertEquals(768 * 32, assertInstanceOf(PageLayout.FullZipLayout.class, page.layout()).bits());
        assertEquals(bytes, page.buffers().getFirst().bytes());
    }

    @Test
    void itemsOfNullVectorsNeedNoBitmap() {
        byte[] rows = {0b101};
        byte[] items = {(byte) 0b0000_1111, (byte) 0b1111};
        EncodedPage page = encode(FileVersion.V2_2, new LeafValues.FixedSizeList(
                4, 3, items, new LeafValues.FixedWidth(32, 12, new byte[48])), rows);
        assertEquals(
                new CompressiveEncoding.FixedSizeList(4, new CompressiveEncoding.Flat(32), false),
                miniBlock(page).values());
    }

    @Test
    void nullSlotsDoNotWidenWhatIsAroundThem() {
        byte[] validity = new byte[ROWS / 8];
        Arrays.fill(validity, (byte) 0b0111_1111);
        EncodedPage page = encode(
                FileVersion.V2_2, ints(ROWS, i -> i % 8 == 7 ? 0xDEADBEEF : i * 31 % 100), validity);
        assertEquals(new CompressiveEncoding.InlineBitpacking(32), miniBlock(page).values());
    }

    @Test
    void stretchesOfEmptyListsAreCutIntoPagesAtRows() {
        int rows = 200_000;
        int[] offsets = new int[rows + 1];
        for (int row = 0; row < rows; row++) {
            offsets[row + 1] = offsets[row] + (row % 40_000 == 5 ? 3 : 0);
        }
        LeafValues.FixedWidth values = ints(offsets[rows], i -> i * 1_000_003);
        List<PageEncoder.EncodedRows> pages = new PageEncoder(FileVersion.V2_2, false, EncodingRequest.DEFAULT, List.of())
                .encode(new PageData(
                        100, rows, List.of(new PageData.Layer(null, offsets, 0, false)), false, null, values));
        assertTrue(pages.size() > 1);
        long next = 100;
        for (PageEncoder.EncodedRows page : pages) {
            assertEquals(next, page.firstRow());
            next += page.rowCount();
        }
        assertEquals(100 + rows, next);
    }

    @Test
    void listsWithoutItemsAreLevelsOnly() {
        EncodedPage page = new PageEncoder(FileVersion.V2_2, false, EncodingRequest.DEFAULT, List.of())
                .encode(new PageData(
                        0, 1000, List.of(new PageData.Layer(null, new int[1001], 0, false)), false, null, ints(0, _ -> 0)))
                .getFirst()
                .page();
        var layout = assertInstanceOf(PageLayout.ConstantLayout.class, page.layout());
        assertEquals(List.of(RepDefLayer.ALL_VALID_ITEM, RepDefLayer.EMPTYABLE_LIST), layout.layers());
        assertTrue(page.sizeBytes() < 100);
    }
}
