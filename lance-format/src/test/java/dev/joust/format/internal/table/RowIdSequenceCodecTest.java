// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.Random;
import java.util.stream.LongStream;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.proto.table.RowIdSequence;
import dev.joust.format.internal.proto.table.U64Segment;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.RowVersions;
import dev.joust.io.ObjectPath;

class RowIdSequenceCodecTest {
    private static final MessageSource SOURCE = new MessageSource(ObjectPath.of("_versions/1.manifest"), 0);

    private static long[] parse(String hex, int rowCount) {
        return ids(Bytes.of(HexFormat.of().parseHex(hex.replace(" ", ""))), rowCount);
    }

    private static long[] ids(Bytes bytes, int rowCount) {
        var sequence = RowIdSequenceCodec.parse(bytes, rowCount, SOURCE, "row ids");
        return LongStream.range(0, rowCount).map(sequence::idAt).toArray();
    }

    private static long[] ids(U64Segment segment, int rowCount) {
        return ids(Bytes.of(RowIdSequence.newBuilder().addSegments(segment).build().toByteArray()), rowCount);
    }

    @Test
    void bytesOfTheReferenceAreRead() {
        assertArrayEquals(LongStream.range(0, 40).toArray(), parse("0a04 0a02 1028", 40));
        assertArrayEquals(new long[] {1, 7, 20}, parse("0a0b 1a09 0801 1015 1a03 410008", 3));
        assertArrayEquals(new long[] {41, 42}, parse("0a06 0a04 0829 102b", 2));
        assertArrayEquals(new long[] {9, 49}, parse("0a0c 220a 0a08 0809 1204 0000 2800", 2));
    }

    @Test
    void rangesAreWrittenAsTheReferenceWritesThem() {
        var range = dev.joust.format.table.RowIdSequence.ofRange(0, 40);
        assertEquals("0a040a021028", RowIdSequenceCodec.toBytes(range).toString());
        assertEquals("0a080a040a0210281001", RowIdSequenceCodec.toBytes(RowVersions.uniform(40, 1)).toString());
    }

    @Test
    void everyKindOfSegmentHoldsTheIdsThatWentIn() {
        long seed = Long.getLong("joust.seed", 5L);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            long start = random.nextInt(1000);
            int span = 1 + random.nextInt(300);
            long[] ids = LongStream.range(start, start + span)
                    .filter(_ -> random.nextInt(4) > 0)
                    .toArray();
            long[] holes = LongStream.range(start, start + span)
                    .filter(id -> java.util.Arrays.binarySearch(ids, id) < 0)
                    .toArray();
            byte[] bitmap = new byte[(span + 7) / 8];
            for (long id : ids) {
                int bit = (int) (id - start);
                bitmap[bit / 8] |= (byte) (1 << (bit % 8));
            }
            var withBitmap = U64Segment.newBuilder();
            withBitmap.getRangeWithBitmapBuilder()
                    .setStart(start)
                    .setEnd(start + span)
                    .setBitmap(ByteString.copyFrom(bitmap));
            assertArrayEquals(ids, ids(withBitmap.build(), ids.length), "seed " + seed);
            var withHoles = U64Segment.newBuilder();
            withHoles.getRangeWithHolesBuilder().setStart(start).setEnd(start + span);
            withHoles.getRangeWithHolesBuilder().getHolesBuilder().getU32ArrayBuilder()
                    .setBase(start)
                    .setOffsets(packed(holes, start));
            assertArrayEquals(ids, ids(withHoles.build(), ids.length), "seed " + seed);
        }
    }

    private static ByteString packed(long[] values, long base) {
        var buffer = java.nio.ByteBuffer.allocate(values.length * 4).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            buffer.putInt((int) (value - base));
        }
        return ByteString.copyFrom(buffer.flip());
    }

    @Test
    void sequencesThatContradictThemselvesAreDamage() {
        assertThrows(CorruptFileException.class, () -> parse("0a04 0a02 1028", 39));
        assertThrows(CorruptFileException.class, () -> parse("0a04 0a02 1028", 41));
        assertThrows(CorruptFileException.class, () -> parse("0a0b 1a09 0801 1015 1a03 4100f8", 7));
        assertThrows(CorruptFileException.class, () -> parse("0a0c 220a 0a08 0809 1204 2800 0000", 2));
        assertThrows(CorruptFileException.class, () -> parse("0a02 3a00", 0));
        var endBeforeStart = U64Segment.newBuilder();
        endBeforeStart.getRangeBuilder().setStart(5).setEnd(2);
        assertThrows(CorruptFileException.class, () -> ids(endBeforeStart.build(), 3));
    }

    @Test
    void damagedSequencesAreReportedOrHoldAsManyIds() {
        long seed = Long.getLong("joust.seed", 6L);
        Random random = new Random(seed);
        String[] sound = {"0a040a021028", "0a0b1a09080110151a03410008", "0a0c220a0a080809120400002800"};
        int[] rows = {40, 3, 2};
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = HexFormat.of().parseHex(sound[i % 3]);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertEquals(rows[i % 3], ids(Bytes.of(bytes), rows[i % 3]).length);
            } catch (CorruptFileException e) {
                assertEquals(true, e.getMessage().startsWith("_versions/1.manifest @ 0: row ids"), e.getMessage());
            }
        }
    }
}
