// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import dev.joust.embed.image.PictureException.Reason;

/// PNGs that inflate to far more than they show: to none of our readers, but to whoever fetches them. Not thread-safe.
final class PngExcess {
    private static final int SIGNATURE_BYTES = 8;
    /// Of all texts and profiles of a picture.
    private static final long MAX_TEXT_BYTES = 16 << 20;
    /// Pixels of more bytes are not inflated to count them; the compressed size alone must be credible.
    private static final long COUNTED_BYTES = 8 << 20;
    private static final long SLACK_BYTES = 1 << 16;

    private final byte[] encoded;
    private final byte[] waste = new byte[1 << 14];

    private PngExcess(byte[] encoded) {
        this.encoded = encoded;
    }

    /// @param encoded a PNG whose chunks are sound
    static void check(byte[] encoded, PngStream stream) {
        new PngExcess(encoded).check(stream);
    }

    private void check(PngStream stream) {
        PictureBytes in = PictureBytes.bigEndian(encoded, "PNG");
        in.skip(SIGNATURE_BYTES, "signature");
        long textBytes = 0;
        long dataBytes = 0;
        // Rows of interlaced pictures are more, each with a byte before it
        long mostBytes = stream.rawBytes() + 2L * stream.height() + SLACK_BYTES;
        long pixelBytes = 0;
        Inflater pixels = new Inflater();
        try {
            while (in.position() < stream.endOffset()) {
                int length = (int) in.u32("chunk length");
                String type = in.letters(4, "chunk type");
                int start = in.position();
                int end = start + length;
                switch (type) {
                    case "IDAT" -> {
                        dataBytes += length;
                        if (mostBytes <= COUNTED_BYTES && pixelBytes <= mostBytes) {
                            pixelBytes += inflated(pixels, start, end, mostBytes - pixelBytes);
                        }
                    }
                    case "iCCP", "zTXt" -> textBytes += text(nul(start, end) + 2, end, MAX_TEXT_BYTES - textBytes);
                    case "iTXt" -> {
                        int flags = nul(start, end) + 1;
                        if (flags < end && encoded[flags] == 1) {
                            int language = nul(flags + 2, end) + 1;
                            textBytes += text(nul(language, end) + 1, end, MAX_TEXT_BYTES - textBytes);
                        }
                    }
                    default -> { }
                }
                if (textBytes > MAX_TEXT_BYTES) {
                    throw new PictureException(
                            Reason.TOO_LARGE, "a PNG with texts that inflate to more than " + MAX_TEXT_BYTES + " bytes");
                }
                if (pixelBytes > mostBytes || dataBytes > mostBytes + mostBytes / 100) {
                    throw new PictureException(Reason.TOO_LARGE, "a PNG with more data than its " + stream.width() + " x "
                            + stream.height() + " pixels take");
                }
                in.skip(length + 4L, "a chunk");
            }
        } finally {
            pixels.end();
        }
    }

    private int nul(int start, int end) {
        int at = start;
        while (at < end && encoded[at] != 0) {
            at++;
        }
        return at;
    }

    private long text(int start, int end, long most) {
        Inflater inflater = new Inflater();
        try {
            return start < end ? inflated(inflater, start, end, most) : 0;
        } finally {
            inflater.end();
        }
    }

    /// How many bytes come out, or somewhat more than `most`. What is no zlib stream gives none.
    private long inflated(Inflater inflater, int start, int end, long most) {
        inflater.setInput(encoded, start, end - start);
        long count = 0;
        try {
            while (count <= most && !inflater.finished()) {
                int some = inflater.inflate(waste);
                if (some == 0) {
                    break;
                }
                count += some;
            }
        } catch (DataFormatException e) {
            return count;
        }
        return count;
    }
}
