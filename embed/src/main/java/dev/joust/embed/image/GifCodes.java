// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

/// LZW as GIF has it: codes of growing width, lowest bits first, two of them special. Each new code is the one before
/// with one more pixel. The JDK's reader takes data that ends early for complete, so this is our own. Not thread-safe.
/// Source: GIF 89a, appendix F.
final class GifCodes {
    private static final int MAX_CODES = 4096;

    private final byte[] codes;
    private final int codeBits;
    /// Of each code the one it extends, its last pixel, and how many pixels it has.
    private final short[] prefixes = new short[MAX_CODES];
    private final byte[] lastPixels = new byte[MAX_CODES];
    private final int[] lengths = new int[MAX_CODES];

    /// @param codeBits of a pixel
    GifCodes(byte[] codes, int codeBits) {
        this.codes = codes;
        this.codeBits = codeBits;
        for (int i = 0; i < 1 << codeBits; i++) {
            lastPixels[i] = (byte) i;
            lengths[i] = 1;
        }
    }

    /// Writes pixels until there are enough or the codes end.
    ///
    /// @return how many were written
    int decode(byte[] pixels) {
        int clear = 1 << codeBits;
        int end = clear + 1;
        int next = end + 1;
        int width = codeBits + 1;
        int previous = -1;
        int count = 0;
        int bits = 0;
        int bitCount = 0;
        for (int at = 0; count < pixels.length;) {
            while (bitCount < width && at < codes.length) {
                bits |= (codes[at++] & 0xFF) << bitCount;
                bitCount += 8;
            }
            if (bitCount < width) {
                return count;
            }
            int code = bits & (1 << width) - 1;
            bits >>>= width;
            bitCount -= width;
            if (code == clear) {
                next = end + 1;
                width = codeBits + 1;
                previous = -1;
                continue;
            }
            boolean isNew = code == next && previous >= 0 && next < MAX_CODES;
            if (code == end || (code > end && code >= next && !isNew) || (previous < 0 && code > end)) {
                return count;
            }
            if (previous >= 0 && next < MAX_CODES) {
                prefixes[next] = (short) previous;
                lengths[next] = lengths[previous] + 1;
                lastPixels[next] = firstPixel(isNew ? previous : code);
                next++;
                if (next == 1 << width && width < 12) {
                    width++;
                }
            }
            count = write(code, pixels, count);
            previous = code;
        }
        return count;
    }

    private byte firstPixel(int code) {
        int at = code;
        while (lengths[at] > 1) {
            at = prefixes[at];
        }
        return lastPixels[at];
    }

    /// Backwards, as far as there is room.
    private int write(int code, byte[] pixels, int count) {
        int end = Math.min(count + lengths[code], pixels.length);
        int at = code;
        for (int i = count + lengths[code] - 1; i >= count; i--) {
            if (i < end) {
                pixels[i] = lastPixels[at];
            }
            at = prefixes[at];
        }
        return end;
    }
}
