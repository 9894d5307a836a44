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
/// Offsets count from the header. Source: TIFF 6.0, section 2.
final class TiffDirectory {
    static final int HEADER_BYTES = 8;
    static final int ENTRY_BYTES = 12;

    static final int BYTE = 1;
    static final int ASCII = 2;
    static final int SHORT = 3;
    static final int LONG = 4;
    static final int UNDEFINED = 7;
    private static final int IFD = 13;
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

    /// @param offset      from the header, of the entry itself
    /// @param valueOffset from the header, of the first value
    record Entry(int tag, int type, long count, long offset, long valueOffset) {
        long sizeBytes() {
            return count * TYPE_BYTES[type];
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
        return header.equals("II*\0") || header.equals("MM\0*");
    }

    /// The whole structure, ready to be read by directories.
    ///
    /// @param start where its header is, which {@link #isHeader} has found
    static PictureBytes open(byte[] bytes, int start, int end, String format) {
        return PictureBytes.slice(bytes, start, end, bytes[start] == 'I', format);
    }

    /// Where the first directory is.
    static long firstOffset(PictureBytes in) {
        in.seek(4, "header");
        return in.u32("directory");
    }

    /// Reads the directory at an offset. Entries of types that nobody knows are left out, as the specification asks;
    /// of several entries of one tag the first counts.
    static TiffDirectory read(PictureBytes in, long offset) {
        in.seek(offset, "a directory");
        int count = in.u16("entry count");
        in.need((long) count * ENTRY_BYTES, "a directory of " + count + " entries");
        Map<Integer, Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int tag = in.u16("tag");
            int type = in.u16("type");
            long valueCount = in.u32("value count");
            long place = in.u32("values");
            if (type < 1 || type >= TYPE_BYTES.length) {
                continue;
            }
            boolean isInline = valueCount * TYPE_BYTES[type] <= 4;
            long entryOffset = offset + 2 + (long) i * ENTRY_BYTES;
            entries.putIfAbsent(tag, new Entry(
                    tag, type, valueCount, entryOffset, isInline ? entryOffset + 8 : place));
        }
        boolean isWhole = in.remaining() >= 4;
        return new TiffDirectory(in, entries, isWhole ? in.u32("next directory") : 0, isWhole);
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
            case BYTE, UNDEFINED, SHORT, LONG, IFD -> OptionalLong.of(numbers(tag, 1)[0]);
            default -> OptionalLong.empty();
        };
    }

    private boolean isWithin(Entry entry, long count) {
        return entry.count >= count && entry.valueOffset + count * TYPE_BYTES[entry.type] <= in.sizeBytes();
    }

    long number(int tag, long otherwise) {
        return number(tag).orElse(otherwise);
    }

    /// The values of a tag that is there.
    ///
    /// @param maxCount more are not read
    long[] numbers(int tag, int maxCount) {
        Entry entry = entries.get(tag);
        if (entry == null || TYPE_BYTES[entry.type] > 4) {
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
                default -> in.u32("value");
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
