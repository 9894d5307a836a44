// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.nio.charset.StandardCharsets;

/// An encoded picture, or a part of one, read with every bound checked: what runs past the end is cut short. Positions
/// are those in the picture's bytes. Not thread-safe.
final class PictureBytes {
    private final byte[] bytes;
    private final int start;
    private final int end;
    private final boolean littleEndian;
    private final String format;
    private int position;

    private PictureBytes(byte[] bytes, int start, int end, boolean littleEndian, String format) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.littleEndian = littleEndian;
        this.format = format;
        position = start;
    }

    static PictureBytes bigEndian(byte[] bytes, String format) {
        return new PictureBytes(bytes, 0, bytes.length, false, format);
    }

    static PictureBytes littleEndian(byte[] bytes, String format) {
        return new PictureBytes(bytes, 0, bytes.length, true, format);
    }

    /// The bytes from `start` to before `end`, which are within `bytes`.
    static PictureBytes slice(byte[] bytes, int start, int end, boolean littleEndian, String format) {
        return new PictureBytes(bytes, start, end, littleEndian, format);
    }

    int position() {
        return position;
    }

    int sizeBytes() {
        return end - start;
    }

    int remaining() {
        return end - position;
    }

    /// Goes to a place counted from the start of this part.
    ///
    /// @param what what is looked for there
    void seek(long offset, String what) {
        if (offset < 0 || offset > end - start) {
            throw new PictureException(PictureException.Reason.CUT_SHORT, "a " + format + " cut short: " + what
                    + " at byte " + (start + offset) + ", there are " + end);
        }
        position = start + (int) offset;
    }

    int u8(String what) {
        need(1, what);
        return Byte.toUnsignedInt(bytes[position++]);
    }

    int u16(String what) {
        need(2, what);
        int first = u8(what);
        int second = u8(what);
        return littleEndian ? second << 8 | first : first << 8 | second;
    }

    long u32(String what) {
        need(4, what);
        long first = u16(what);
        long second = u16(what);
        return littleEndian ? second << 16 | first : first << 16 | second;
    }

    /// Of 64 bits; what does not fit into 63 is further than any file goes, and is told as the largest number.
    long u64(String what) {
        need(8, what);
        long first = u32(what);
        long second = u32(what);
        long value = littleEndian ? second << 32 | first : first << 32 | second;
        return value < 0 ? Long.MAX_VALUE : value;
    }

    int i32(String what) {
        return (int) u32(what);
    }

    /// So many bytes as characters of one byte each.
    String letters(int count, String what) {
        need(count, what);
        String text = new String(bytes, position, count, StandardCharsets.ISO_8859_1);
        position += count;
        return text;
    }

    void skip(long count, String what) {
        need(count, what);
        position += (int) count;
    }

    void need(long count, String what) {
        if (count > remaining()) {
            throw new PictureException(PictureException.Reason.CUT_SHORT, "a " + format + " cut short: " + what
                    + " at byte " + position + " needs " + count + " bytes, " + remaining() + " remain");
        }
    }

    PictureException damaged(String problem) {
        return new PictureException(PictureException.Reason.DAMAGED, "a damaged " + format + ": " + problem
                + " at byte " + position);
    }

    PictureException unsupported(String what) {
        return new PictureException(
                PictureException.Reason.UNSUPPORTED, "a " + format + " " + what + " is not supported");
    }
}
