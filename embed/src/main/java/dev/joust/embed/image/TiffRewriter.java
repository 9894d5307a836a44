// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import dev.joust.embed.image.PictureException.Reason;

/// A TIFF for the reader of pixels: the same bytes, and behind them a directory with the tags that pixels need and no
/// other after it. Values stay where they are, but those of a BigTIFF that have 64 bits, which get 32: what is read
/// has less than 2 GiB. Source: TIFF 6.0, section 2.
final class TiffRewriter {
    private static final int COUNT_BYTES = 2;
    private static final int NEXT_BYTES = 4;
    private static final int MAX_INLINE_BYTES = 4;

    private final byte[] encoded;
    private final TiffDirectory page;
    private final boolean isBig;
    private final ByteOrder order;

    private TiffRewriter(byte[] encoded, PictureBytes in, TiffDirectory page) {
        this.encoded = encoded;
        this.page = page;
        isBig = TiffDirectory.isBig(in);
        order = encoded[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    /// @param tags what is kept
    /// @throws PictureException if values are said to be where there are no bytes
    static byte[] withTags(byte[] encoded, PictureBytes in, TiffDirectory page, Set<Integer> tags) {
        return new TiffRewriter(encoded, in, page).rewrite(page.entries().stream()
                .filter(entry -> tags.contains(entry.tag()))
                .toList());
    }

    private byte[] rewrite(List<TiffDirectory.Entry> kept) {
        for (TiffDirectory.Entry entry : kept) {
            if (entry.sizeBytes() > encoded.length || entry.valueOffset() > encoded.length - entry.sizeBytes()) {
                throw new PictureException(Reason.CUT_SHORT, "a TIFF cut short: tag " + entry.tag() + " of "
                        + entry.sizeBytes() + " bytes at byte " + entry.valueOffset());
            }
        }
        int start = encoded.length + (encoded.length & 1);
        int valuesStart = start + COUNT_BYTES + kept.size() * TiffDirectory.ENTRY_BYTES + NEXT_BYTES;
        ByteBuffer directory = ByteBuffer.allocate(valuesStart - start).order(order).putShort((short) kept.size());
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        for (TiffDirectory.Entry entry : kept) {
            if (isBig) {
                put(entry, directory, values, valuesStart);
            } else {
                directory.put(encoded, (int) entry.offset(), TiffDirectory.ENTRY_BYTES);
            }
        }
        byte[] out = Arrays.copyOf(encoded, valuesStart + values.size());
        ByteBuffer.wrap(out).order(order).putShort(2, (short) 42).putInt(4, start).put(start, directory.array());
        System.arraycopy(values.toByteArray(), 0, out, valuesStart, values.size());
        return out;
    }

    /// An entry of a BigTIFF as one of a TIFF; values of up to 8 bytes that stood in it may have no room there.
    private void put(TiffDirectory.Entry entry, ByteBuffer directory, ByteArrayOutputStream values, int valuesStart) {
        boolean isWide = entry.type() == TiffDirectory.LONG8 || entry.type() == TiffDirectory.IFD8;
        byte[] bytes = isWide ? narrowed(entry)
                : Arrays.copyOfRange(encoded, (int) entry.valueOffset(), (int) (entry.valueOffset() + entry.sizeBytes()));
        directory.putShort((short) entry.tag())
                .putShort((short) (isWide ? TiffDirectory.LONG : entry.type()))
                .putInt((int) entry.count());
        if (bytes.length <= MAX_INLINE_BYTES) {
            directory.put(Arrays.copyOf(bytes, MAX_INLINE_BYTES));
        } else {
            directory.putInt(valuesStart + values.size());
            values.writeBytes(bytes);
            values.writeBytes(new byte[bytes.length & 1]);
        }
    }

    private byte[] narrowed(TiffDirectory.Entry entry) {
        long[] wide = page.numbers(entry.tag(), (int) entry.count());
        ByteBuffer bytes = ByteBuffer.allocate(4 * wide.length).order(order);
        for (long value : wide) {
            bytes.putInt((int) Math.min(value, Integer.MAX_VALUE));
        }
        return bytes.array();
    }
}
