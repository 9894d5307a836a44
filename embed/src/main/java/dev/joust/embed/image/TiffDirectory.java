// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/// One directory of a TIFF structure, in which TIFF keeps pictures and everybody keeps EXIF.
///
///     header: "II" or "MM" (byte order), u16 42, u32 offset of the first directory
///     directory: u16 count, then 12 bytes each, sorted by tag; u32 offset of the next directory, or 0
///     entry: u16 tag, u16 type, u32 value count, then the values if they fit into 4 bytes, else u32 where they are
///
/// In a BigTIFF: "II" or "MM", u16 43, u16 8, u16 0, u64 offset of the first directory; counts, offsets and the place
/// for values have 64 bits, so that an entry has 20 bytes.
///
/// Offsets count from the header. Source: TIFF 6.0, section 2; the BigTIFF design of libtiff 4.
final class TiffDirectory {
    static final int HEADER_BYTES = 8;
    static final int ENTRY_BYTES = 12;

    static final int BYTE = 1;
    static final int ASCII = 2;
    static final int SHORT = 3;
    static final int LONG = 4;
    static final int UNDEFINED = 7;
    private static final int IFD = 13;
    static final int LONG8 = 16;
    static final int IFD8 = 18;
    /// 14 and 15 are none.
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    private static final int BIG = 43;
    private static final int MAX_ENTRIES = 0xFFFF;
    private static final int BIG_ENTRY_BYTES = 20;

    /// @param offset      from the header, of the entry itself
    /// @param valueOffset from the header, of the first value
    record Entry(int tag, int type, long count, long offset, long valueOffset) {
        long sizeBytes() {
            return sizeBytes(type, count);
        }

        private static long sizeBytes(int type, long count) {
            return count > Long.MAX_VALUE / 8 ? Long.MAX_VALUE : count * TYPE_BYTES[type];
        }
    }

    private final PictureBytes in;
    private final Map<Integer, Entry> entries;
    private final long nextOffset;
    private final boolean isWhole;

    private TiffDirectory(PictureBytes in, Map<Integer, Entry> entries, long nextOffset, boolean isWhole) {
        this.in = in;
        this.entries = entries;
        this.nextOffset = nextOffset;
        this.isWhole = isWhole;
    }

    /// Whether a TIFF structure starts there.
    static boolean isHeader(byte[] bytes, int start, int end) {
        if (end - start < HEADER_BYTES) {
            return false;
        }
        String header = new String(bytes, start, 4, StandardCharsets.ISO_8859_1);
        return header.equals("II*\0") || header.equals("MM\0*") || header.equals("II+\0") || header.equals("MM\0+");
    }

    /// The whole structure, ready to be read by directories.
    ///
    /// @param start where its header is, which {@link #isHeader} has found
    static PictureBytes open(byte[] bytes, int start, int end, String format) {
        return PictureBytes.slice(bytes, start, end, bytes[start] == 'I', format);
    }

    /// Whether it is a BigTIFF.
    static boolean isBig(PictureBytes in) {
        in.seek(2, "header");
        return in.u16("header") == BIG;
    }

    /// Where the first directory is.
    static long firstOffset(PictureBytes in) {
        if (isBig(in)) {
            in.skip(4, "header");
            return in.u64("directory");
        }
        return in.u32("directory");
    }

    /// Reads the directory at an offset. Entries of types that nobody knows are left out, as the specification asks;
    /// of several entries of one tag the first counts.
    static TiffDirectory read(PictureBytes in, long offset) {
        boolean isBig = isBig(in);
        int countBytes = isBig ? 8 : 2;
        int entryBytes = isBig ? BIG_ENTRY_BYTES : ENTRY_BYTES;
        int placeBytes = isBig ? 8 : 4;
        in.seek(offset, "a directory");
        long count = isBig ? in.u64("entry count") : in.u16("entry count");
        in.need(Math.min(count, MAX_ENTRIES) * entryBytes, "a directory of " + count + " entries");
        if (count > MAX_ENTRIES) {
            throw in.damaged("a directory of " + count + " entries");
        }
        Map<Integer, Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int tag = in.u16("tag");
            int type = in.u16("type");
            long valueCount = isBig ? in.u64("value count") : in.u32("value count");
            long place = isBig ? in.u64("values") : in.u32("values");
            if (type >= TYPE_BYTES.length || TYPE_BYTES[type] == 0) {
                continue;
            }
            boolean isInline = Entry.sizeBytes(type, valueCount) <= placeBytes;
            long entryOffset = offset + countBytes + (long) i * entryBytes;
            entries.putIfAbsent(tag, new Entry(tag, type, valueCount, entryOffset,
                    isInline ? entryOffset + entryBytes - placeBytes : place));
        }
        boolean isWhole = in.remaining() >= placeBytes;
        long next = !isWhole ? 0 : isBig ? in.u64("next directory") : in.u32("next directory");
        return new TiffDirectory(in, entries, next, isWhole);
    }

    /// 0 where it is the last.
    long nextOffset() {
        return nextOffset;
    }

    /// Whether its end says if another follows. In EXIF that is often left out.
    boolean isWhole() {
        return isWhole;
    }

    boolean has(int tag) {
        return entries.containsKey(tag);
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    /// The first value of a tag, if there is one, within the bytes, and a whole number.
    OptionalLong number(int tag) {
        Entry entry = entries.get(tag);
        if (entry == null || !isWithin(entry, 1)) {
            return OptionalLong.empty();
        }
        return switch (entry.type) {
            case BYTE, UNDEFINED, SHORT, LONG, IFD, LONG8, IFD8 -> OptionalLong.of(numbers(tag, 1)[0]);
            default -> OptionalLong.empty();
        };
    }

    private boolean isWithin(Entry entry, long count) {
        return entry.count >= count && entry.valueOffset <= in.sizeBytes() - count * TYPE_BYTES[entry.type];
    }

    long number(int tag, long otherwise) {
        return number(tag).orElse(otherwise);
    }

    /// The values of a tag that is there.
    ///
    /// @param maxCount more are not read
    long[] numbers(int tag, int maxCount) {
        Entry entry = entries.get(tag);
        if (entry == null || (TYPE_BYTES[entry.type] > 4 && entry.type != LONG8 && entry.type != IFD8)) {
            throw in.damaged("no numbers in tag " + tag);
        }
        int count = (int) Math.min(entry.count, maxCount);
        in.seek(entry.valueOffset, "tag " + tag);
        in.need((long) count * TYPE_BYTES[entry.type], "tag " + tag);
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (TYPE_BYTES[entry.type]) {
                case 1 -> in.u8("value");
                case 2 -> in.u16("value");
                case 4 -> in.u32("value");
                default -> in.u64("value");
            };
        }
        return values;
    }

    /// The text of a tag, empty where there is none within the bytes.
    ///
    /// @param maxBytes longer ones are cut
    String text(int tag, int maxBytes) {
        Entry entry = entries.get(tag);
        if (entry == null || entry.type != ASCII || !isWithin(entry, Math.min(entry.count, maxBytes))) {
            return "";
        }
        in.seek(entry.valueOffset, "tag " + tag);
        return in.letters((int) Math.min(entry.count, maxBytes), "tag " + tag);
    }
}
