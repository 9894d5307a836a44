// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

/// An encoded picture, read front to back with every bound checked: what runs past the end is cut short. Not
/// thread-safe.
final class PictureBytes {
    private final byte[] bytes;
    private final String format;
    private int position;

    PictureBytes(byte[] bytes, String format) {
        this.bytes = bytes;
        this.format = format;
    }

    int position() {
        return position;
    }

    int remaining() {
        return bytes.length - position;
    }

    int u8(String what) {
        need(1, what);
        return Byte.toUnsignedInt(bytes[position++]);
    }

    /// Big-endian.
    int u16(String what) {
        need(2, what);
        return u8(what) << 8 | u8(what);
    }

    /// Big-endian.
    long u32(String what) {
        need(4, what);
        return (long) u16(what) << 16 | u16(what);
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
}
