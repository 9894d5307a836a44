// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import dev.joust.format.internal.proto.table.EncodedU64Array;
import dev.joust.format.internal.proto.table.RowDatasetVersionRun;
import dev.joust.format.internal.proto.table.RowDatasetVersionSequence;
import dev.joust.format.internal.proto.table.U64Segment;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.RowIdSequence;
import dev.joust.format.table.RowIdSequence.Segment;
import dev.joust.format.table.RowVersions;

/// `RowIdSequence` and `RowDatasetVersionSequence` messages (spec: table format 2.4). Values are unsigned 64 bits.
public final class RowIdSequenceCodec {
    private RowIdSequenceCodec() {}

    /// @param rowCount rows of the fragment: checked before anything of that size is made
    public static RowIdSequence parse(Bytes message, long rowCount, MessageSource source, String structure) {
        Parser parser = new Parser(source, structure, rowCount);
        List<Segment> segments = parser.segments(message);
        if (parser.remainingRows != 0) {
            throw source.corrupt(
                    structure, (rowCount - parser.remainingRows) + " row ids for " + rowCount + " rows");
        }
        return new RowIdSequence(segments);
    }

    /// How many rows the message gives ids to, for a sequence that may be shorter than its fragment: the ids of rows that
    /// moved into it, before those of its new rows are given.
    public static RowIdSequence parseUpTo(Bytes message, long maxRowCount, MessageSource source, String structure) {
        return new RowIdSequence(new Parser(source, structure, maxRowCount).segments(message));
    }

    /// The message of a sequence, each segment in its own form.
    public static Bytes toBytes(RowIdSequence sequence) {
        var message = dev.joust.format.internal.proto.table.RowIdSequence.newBuilder();
        for (Segment segment : sequence.segments()) {
            message.addSegments(toProto(segment));
        }
        return Bytes.of(message.build().toByteArray());
    }

    private static U64Segment toProto(Segment segment) {
        var message = U64Segment.newBuilder();
        switch (segment) {
            case Segment.Range(long start, long end) ->
                message.getRangeBuilder().setStart(start).setEnd(end);
            case Segment.RangeWithHoles holes ->
                message.getRangeWithHolesBuilder()
                        .setStart(holes.start())
                        .setEnd(holes.end())
                        .setHoles(values(holes.holes()));
            case Segment.RangeWithBitmap bitmap -> {
                long[] words = bitmap.words();
                long end = words.length == 0
                        ? 0
                        : 64L * words.length - Long.numberOfLeadingZeros(words[words.length - 1]);
                ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * words.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asLongBuffer().put(words);
                message.getRangeWithBitmapBuilder()
                        .setStart(bitmap.start())
                        .setEnd(bitmap.start() + end)
                        .setBitmap(ByteString.copyFrom(bytes.limit((int) ((end + 7) / 8))));
            }
            case Segment.Listed listed -> {
                long[] ids = new long[Math.toIntExact(listed.rowCount())];
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = listed.idAt(i);
                }
                if (isAscending(ids)) {
                    message.setSortedArray(values(ids));
                } else {
                    message.setArray(values(ids));
                }
            }
        }
        return message.build();
    }

    private static boolean isAscending(long[] values) {
        for (int i = 1; i < values.length; i++) {
            if (Long.compareUnsigned(values[i - 1], values[i]) >= 0) {
                return false;
            }
        }
        return true;
    }

    /// Offsets from the smallest value, as narrow as they fit.
    private static EncodedU64Array values(long[] values) {
        long min = values.length == 0 ? 0 : -1;
        long max = 0;
        for (long value : values) {
            min = Long.compareUnsigned(value, min) < 0 ? value : min;
            max = Long.compareUnsigned(value, max) > 0 ? value : max;
        }
        long span = values.length == 0 ? 0 : max - min;
        var array = EncodedU64Array.newBuilder();
        if (span >>> 16 == 0) {
            array.getU16ArrayBuilder().setBase(min).setOffsets(packed(values, min, Short.BYTES));
        } else if (span >>> 32 == 0) {
            array.getU32ArrayBuilder().setBase(min).setOffsets(packed(values, min, Integer.BYTES));
        } else {
            array.getU64ArrayBuilder().setValues(packed(values, 0, Long.BYTES));
        }
        return array.build();
    }

    private static ByteString packed(long[] values, long base, int width) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, width)).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            switch (width) {
                case Short.BYTES -> bytes.putShort((short) (value - base));
                case Integer.BYTES -> bytes.putInt((int) (value - base));
                default -> bytes.putLong(value - base);
            }
        }
        return ByteString.copyFrom(bytes.flip());
    }

    /// The versions of a fragment's rows.
    ///
    /// @param rowCount rows of the fragment
    public static RowVersions parseVersions(Bytes message, long rowCount, MessageSource source, String structure) {
        RowDatasetVersionSequence sequence;
        try {
            sequence = RowDatasetVersionSequence.parseFrom(message.toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw source.corrupt(structure, "is no protobuf message: " + e.getMessage());
        }
        // Of the span only its length counts.
        Parser parser = new Parser(source, structure, rowCount);
        RowVersions.Builder versions = new RowVersions.Builder();
        for (RowDatasetVersionRun run : sequence.getRunsList()) {
            long runRowCount = parser.segment(run.getSpan()).rowCount();
            parser.remainingRows -= runRowCount;
            versions.add(runRowCount, run.getVersion());
        }
        if (parser.remainingRows != 0) {
            throw source.corrupt(
                    structure, (rowCount - parser.remainingRows) + " row versions for " + rowCount + " rows");
        }
        return versions.build();
    }

    /// The message of the versions of a fragment's rows.
    public static Bytes toBytes(RowVersions versions) {
        var message = RowDatasetVersionSequence.newBuilder();
        long start = 0;
        for (int i = 0; i < versions.runCount(); i++) {
            long end = start + versions.runRowCount(i);
            message.addRunsBuilder()
                    .setSpan(toProto(new Segment.Range(start, end)))
                    .setVersion(versions.runVersion(i));
            start = end;
        }
        return Bytes.of(message.build().toByteArray());
    }

    private static final class Parser {
        private final MessageSource source;
        private final String structure;
        private long remainingRows;

        Parser(MessageSource source, String structure, long remainingRows) {
            this.source = source;
            this.structure = structure;
            this.remainingRows = remainingRows;
        }

        List<Segment> segments(Bytes message) {
            dev.joust.format.internal.proto.table.RowIdSequence sequence;
            try {
                sequence = dev.joust.format.internal.proto.table.RowIdSequence.parseFrom(message.toByteArray());
            } catch (InvalidProtocolBufferException e) {
                throw source.corrupt(structure, "is no protobuf message: " + e.getMessage());
            }
            List<Segment> segments = new ArrayList<>(sequence.getSegmentsCount());
            for (U64Segment segment : sequence.getSegmentsList()) {
                Segment parsed = segment(segment);
                remainingRows -= parsed.rowCount();
                segments.add(parsed);
            }
            return segments;
        }

        Segment segment(U64Segment message) {
            return switch (message.getSegmentCase()) {
                case RANGE -> {
                    var range = message.getRange();
                    checkedCount(range.getStart(), range.getEnd());
                    yield new Segment.Range(range.getStart(), range.getEnd());
                }
                case RANGE_WITH_HOLES -> {
                    var range = message.getRangeWithHoles();
                    yield withHoles(range.getStart(), range.getEnd(), values(range.getHoles(), Long.MAX_VALUE));
                }
                case RANGE_WITH_BITMAP -> {
                    var range = message.getRangeWithBitmap();
                    yield withBitmap(range.getStart(), range.getEnd(), range.getBitmap());
                }
                case SORTED_ARRAY -> {
                    long[] ids = values(message.getSortedArray(), remainingRows);
                    checkAscending(ids);
                    yield new Segment.Listed(ids);
                }
                case ARRAY -> new Segment.Listed(values(message.getArray(), remainingRows));
                case SEGMENT_NOT_SET -> throw source.corrupt(structure, "segment of a kind that is not known");
            };
        }

        private long checkedCount(long start, long end) {
            long count = end - start;
            if (Long.compareUnsigned(end, start) < 0 || count < 0 || count > remainingRows) {
                throw source.corrupt(structure, "range from " + Long.toUnsignedString(start) + " to "
                        + Long.toUnsignedString(end) + " for " + remainingRows + " rows");
            }
            return count;
        }

        private Segment withHoles(long start, long end, long[] holes) {
            checkAscending(holes);
            long span = end - start;
            long count = span - holes.length;
            if (Long.compareUnsigned(end, start) < 0 || span < 0 || count < 0 || count > remainingRows) {
                throw source.corrupt(structure, "range from " + Long.toUnsignedString(start) + " to "
                        + Long.toUnsignedString(end) + " with " + holes.length + " holes for " + remainingRows
                        + " rows");
            }
            if (holes.length > 0
                    && (Long.compareUnsigned(holes[0], start) < 0
                            || Long.compareUnsigned(holes[holes.length - 1], end) >= 0)) {
                throw source.corrupt(structure, "hole outside the range from " + Long.toUnsignedString(start)
                        + " to " + Long.toUnsignedString(end));
            }
            return new Segment.RangeWithHoles(start, end, holes);
        }

        private Segment withBitmap(long start, long end, ByteString bitmap) {
            long span = end - start;
            if (Long.compareUnsigned(end, start) < 0 || span < 0 || (span + 7) / 8 != bitmap.size()) {
                throw source.corrupt(structure, "bitmap of " + bitmap.size() + " bytes for the range from "
                        + Long.toUnsignedString(start) + " to " + Long.toUnsignedString(end));
            }
            long count = 0;
            for (int i = 0; i < bitmap.size(); i++) {
                count += Integer.bitCount(bitmap.byteAt(i) & 0xFF);
            }
            if (count > remainingRows) {
                throw source.corrupt(structure, count + " row ids for " + remainingRows + " rows");
            }
            if (span % 8 != 0 && (bitmap.byteAt(bitmap.size() - 1) & 0xFF) >>> (span % 8) != 0) {
                throw source.corrupt(structure, "bits set after the end of a bitmap");
            }
            long[] words = new long[(bitmap.size() + 7) / 8];
            for (int i = 0; i < bitmap.size(); i++) {
                words[i / 8] |= (bitmap.byteAt(i) & 0xFFL) << (8 * (i % 8));
            }
            return new Segment.RangeWithBitmap(start, words);
        }

        private long[] values(EncodedU64Array array, long maxCount) {
            return switch (array.getArrayCase()) {
                case U16_ARRAY -> values(array.getU16Array().getBase(), array.getU16Array().getOffsets(), 2, maxCount);
                case U32_ARRAY -> values(array.getU32Array().getBase(), array.getU32Array().getOffsets(), 4, maxCount);
                case U64_ARRAY -> values(0, array.getU64Array().getValues(), 8, maxCount);
                case ARRAY_NOT_SET -> throw source.corrupt(structure, "array of a kind that is not known");
            };
        }

        private long[] values(long base, ByteString packed, int width, long maxCount) {
            int count = packed.size() / width;
            if (packed.size() % width != 0 || count > maxCount) {
                throw source.corrupt(structure, packed.size() + " bytes of " + width + "-byte ids for at most "
                        + maxCount + " rows");
            }
            var buffer = packed.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            long[] values = new long[count];
            for (int i = 0; i < count; i++) {
                values[i] = base
                        + switch (width) {
                            case 2 -> Short.toUnsignedLong(buffer.getShort());
                            case 4 -> Integer.toUnsignedLong(buffer.getInt());
                            default -> buffer.getLong();
                        };
            }
            return values;
        }

        private void checkAscending(long[] values) {
            for (int i = 1; i < values.length; i++) {
                if (Long.compareUnsigned(values[i - 1], values[i]) >= 0) {
                    throw source.corrupt(structure, "ids that should ascend do not: "
                            + Long.toUnsignedString(values[i - 1]) + ", " + Long.toUnsignedString(values[i]));
                }
            }
        }
    }
}
