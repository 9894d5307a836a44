// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

import com.google.protobuf.ByteString;

import dev.joust.format.internal.proto.table.EncodedU64Array;
import dev.joust.format.internal.proto.table.RowIdSequence;
import dev.joust.format.internal.proto.table.U64Segment;

/// The row ids of a fragment one by one, by the words of the specification (table format 2.4) and nothing cleverer.
final class ListedIds {
    private ListedIds() {}

    static long[] of(Fragment fragment) throws IOException {
        StoredSequence.Inline inline = (StoredSequence.Inline) java.util.Objects.requireNonNull(fragment.rowIds());
        return of(RowIdSequence.parseFrom(inline.message().toByteArray()));
    }

    static long[] of(RowIdSequence sequence) {
        List<Long> ids = new ArrayList<>();
        for (U64Segment segment : sequence.getSegmentsList()) {
            switch (segment.getSegmentCase()) {
                case RANGE ->
                    addRange(segment.getRange().getStart(), segment.getRange().getEnd(), Set.of(), ids);
                case RANGE_WITH_HOLES -> {
                    var range = segment.getRangeWithHoles();
                    addRange(range.getStart(), range.getEnd(), new HashSet<>(values(range.getHoles())), ids);
                }
                case RANGE_WITH_BITMAP -> {
                    var range = segment.getRangeWithBitmap();
                    for (long i = 0; i < range.getEnd() - range.getStart(); i++) {
                        if ((range.getBitmap().byteAt((int) (i / 8)) >> (i % 8) & 1) != 0) {
                            ids.add(range.getStart() + i);
                        }
                    }
                }
                case SORTED_ARRAY -> ids.addAll(values(segment.getSortedArray()));
                case ARRAY -> ids.addAll(values(segment.getArray()));
                case SEGMENT_NOT_SET -> throw new IllegalArgumentException("a segment of no kind");
            }
        }
        return ids.stream().mapToLong(Long::longValue).toArray();
    }

    /// The ids in a segment of a random kind, of those that can hold them.
    static RowIdSequence sequence(long[] ids, Random random) {
        RowIdSequence.Builder sequence = RowIdSequence.newBuilder();
        if (ids.length == 0) {
            return sequence.build();
        }
        long[] sorted = Arrays.stream(ids).sorted().distinct().toArray();
        long start = sorted[0];
        long end = sorted[sorted.length - 1] + 1;
        U64Segment.Builder segment = sequence.addSegmentsBuilder();
        switch (Arrays.equals(ids, sorted) && end - start < 0xFFFF ? random.nextInt(5) : 4) {
            case 0 -> {
                var range = segment.getRangeWithHolesBuilder().setStart(start).setEnd(end);
                Set<Long> there = new HashSet<>(Arrays.stream(ids).boxed().toList());
                long[] holes = LongStream.range(start, end).filter(id -> !there.contains(id)).toArray();
                range.getHolesBuilder().getU32ArrayBuilder().setBase(start).setOffsets(packed(holes, start, 4));
            }
            case 1 -> {
                byte[] bits = new byte[(int) ((end - start + 7) / 8)];
                for (long id : ids) {
                    bits[(int) (id - start) / 8] |= (byte) (1 << (id - start) % 8);
                }
                segment.getRangeWithBitmapBuilder().setStart(start).setEnd(end).setBitmap(ByteString.copyFrom(bits));
            }
            case 2 ->
                segment.getSortedArrayBuilder().getU16ArrayBuilder().setBase(start).setOffsets(packed(ids, start, 2));
            case 3 ->
                segment.getSortedArrayBuilder().getU32ArrayBuilder().setBase(start).setOffsets(packed(ids, start, 4));
            default -> segment.getArrayBuilder().getU64ArrayBuilder().setValues(packed(ids, 0, 8));
        }
        return sequence.build();
    }

    private static ByteString packed(long[] values, long base, int width) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * width).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            switch (width) {
                case 2 -> bytes.putShort((short) (value - base));
                case 4 -> bytes.putInt((int) (value - base));
                default -> bytes.putLong(value - base);
            }
        }
        return ByteString.copyFrom(bytes.flip());
    }

    private static void addRange(long start, long end, Set<Long> holes, List<Long> target) {
        for (long id = start; id != end; id++) {
            if (!holes.contains(id)) {
                target.add(id);
            }
        }
    }

    private static List<Long> values(EncodedU64Array array) {
        return switch (array.getArrayCase()) {
            case U16_ARRAY -> values(array.getU16Array().getBase(), array.getU16Array().getOffsets(), 2);
            case U32_ARRAY -> values(array.getU32Array().getBase(), array.getU32Array().getOffsets(), 4);
            case U64_ARRAY -> values(0, array.getU64Array().getValues(), 8);
            case ARRAY_NOT_SET -> List.of();
        };
    }

    private static List<Long> values(long base, ByteString packed, int width) {
        ByteBuffer bytes = ByteBuffer.wrap(packed.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        List<Long> values = new ArrayList<>();
        while (bytes.remaining() >= width) {
            values.add(base
                    + switch (width) {
                        case 2 -> bytes.getShort() & 0xFFFFL;
                        case 4 -> bytes.getInt() & 0xFFFF_FFFFL;
                        default -> bytes.getLong();
                    });
        }
        return values;
    }
}
