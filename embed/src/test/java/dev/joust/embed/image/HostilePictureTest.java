// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.embed.Golden;
import dev.joust.embed.image.PictureException.Reason;

@Timeout(60)
class HostilePictureTest {
    private static final PictureDecoder DECODER = new PictureDecoder(PictureLimits.DEFAULT);
    private static final long SMALL_BYTES = 4 << 20;

    private static RgbPicture decode(byte[] encoded) {
        return DECODER.decode(encoded, DecodedPicture::pixels);
    }

    /// The refusal, after at most {@link #SMALL_BYTES} allocated on the way.
    private static PictureException refusal(byte[] encoded) {
        decode(Golden.bytes("images/sample1.png"));
        decode(Golden.bytes("images/sample0.jpg"));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        PictureException refusal = assertThrows(PictureException.class, () -> decode(encoded));
        long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocatedBytes < SMALL_BYTES + 8L * encoded.length, allocatedBytes + " bytes allocated");
        assertTrue(refusal.getMessage().length() > 10, refusal.getMessage());
        return refusal;
    }

    private static byte[] chunk(String type, byte[] payload) {
        CRC32 crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.ISO_8859_1));
        crc.update(payload);
        return ByteBuffer.allocate(payload.length + 12)
                .putInt(payload.length)
                .put(type.getBytes(StandardCharsets.ISO_8859_1))
                .put(payload)
                .putInt((int) crc.getValue())
                .array();
    }

    private static byte[] header(int width, int height, int bits, int colourType) {
        return ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) bits).put((byte) colourType).array();
    }

    private static byte[] png(byte[]... chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        for (byte[] chunk : chunks) {
            out.writeBytes(chunk);
        }
        out.writeBytes(chunk("IEND", new byte[0]));
        return out.toByteArray();
    }

    private static byte[] deflated(long zeros) {
        Deflater deflater = new Deflater(9);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[1 << 16];
        byte[] compressed = new byte[1 << 16];
        for (long done = 0; done < zeros; done += block.length) {
            deflater.setInput(block, 0, (int) Math.min(block.length, zeros - done));
            while (!deflater.needsInput()) {
                out.write(compressed, 0, deflater.deflate(compressed));
            }
        }
        deflater.finish();
        while (!deflater.finished()) {
            out.write(compressed, 0, deflater.deflate(compressed));
        }
        deflater.end();
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "\0", "hello", "<html><body>not a picture</body></html>", "GIF88a................", "RIFF0000WAVEfmt ........",
        "II,\0............", "\0\0\0\u0018ftypheic........", "BM..............", "%PDF-1.7", "PK\u0003\u0004",
        "\u00ff", "\u00ff\u00d8", "\u0089PN", "<svg xmlns='http://www.w3.org/2000/svg'/>", "\0\0\1\0\1\0", "8BPS\0\1",
    })
    void whatIsNoPictureIsRefused(String start) {
        Reason reason = refusal(start.getBytes(StandardCharsets.ISO_8859_1)).reason();
        assertTrue(reason == Reason.NOT_A_PICTURE || reason == Reason.UNSUPPORTED, reason.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"images/sample1.png", "images/sample0.jpg", "pictures/progressive.jpg", "pictures/interlaced.png"})
    void aPictureCutShortAnywhereIsRefused(String name) {
        byte[] whole = Golden.bytes(name);
        for (int length = 8; length < whole.length; length += Math.max(1, whole.length / 150)) {
            refusal(Arrays.copyOf(whole, length));
        }
        assertEquals(Reason.CUT_SHORT, refusal(Arrays.copyOf(whole, whole.length - 1)).reason());
    }

    /// Cut in the middle of its data and ended properly again, so that only the decoder can tell.
    @Test
    void aPictureThatEndsEarlyButNeatlyIsRefused() {
        byte[] jpeg = Golden.bytes("images/sample0.jpg");
        byte[] cut = Arrays.copyOf(jpeg, jpeg.length / 2);
        cut[cut.length - 2] = (byte) 0xFF;
        cut[cut.length - 1] = (byte) 0xD9;
        refusal(cut);
        refusal(png(chunk("IHDR", header(100, 100, 8, 2)), chunk("IDAT", deflated(15_000))));
        refusal(png(chunk("IHDR", header(100, 100, 8, 2)), chunk("IDAT", Arrays.copyOf(deflated(30_100), 20))));
        refusal(png(chunk("IHDR", header(100, 100, 8, 2))));
        refusal(png(chunk("IHDR", header(100, 100, 8, 3)), chunk("IDAT", deflated(10_100))));
    }

    @Test
    void absurdDimensionsAreRefusedBeforeDecoding() {
        byte[] data = deflated(100);
        assertEquals(Reason.TOO_LARGE, refusal(png(chunk("IHDR", header(30_000, 30_000, 8, 2)), chunk("IDAT", data))).reason());
        assertEquals(Reason.TOO_LARGE, refusal(png(chunk("IHDR", header(-1, -1, 8, 2)), chunk("IDAT", data))).reason());
        assertEquals(Reason.TOO_LARGE, refusal(png(chunk("IHDR", header(1, 2_000_000_000, 1, 0)), chunk("IDAT", data))).reason());
        assertEquals(Reason.DAMAGED, refusal(png(chunk("IHDR", header(0, 5, 8, 2)), chunk("IDAT", data))).reason());
        assertEquals(Reason.DAMAGED, refusal(png(chunk("IHDR", header(5, 5, 7, 2)), chunk("IDAT", data))).reason());
        assertEquals(Reason.CUT_SHORT, refusal(png(chunk("IHDR", header(6_000, 6_000, 16, 6)), chunk("IDAT", data))).reason());
        for (String name : new String[] {"images/sample0.jpg", "pictures/progressive.jpg", "pictures/grey.jpg"}) {
            byte[] jpeg = Golden.bytes(name);
            int frame = frameHeader(jpeg);
            assertEquals(Reason.CUT_SHORT, refusal(withDimensions(jpeg, frame, 6_000, 6_000)).reason());
            assertEquals(Reason.TOO_LARGE, refusal(withDimensions(jpeg, frame, 60_000, 60_000)).reason());
            assertEquals(Reason.DAMAGED, refusal(withDimensions(jpeg, frame, 0, 60)).reason());
        }
    }

    private static int frameHeader(byte[] jpeg) {
        for (int i = 2; ; i++) {
            if (jpeg[i] == (byte) 0xFF && (jpeg[i + 1] == (byte) 0xC0 || jpeg[i + 1] == (byte) 0xC2)) {
                return i;
            }
        }
    }

    private static byte[] withDimensions(byte[] jpeg, int frame, int width, int height) {
        byte[] changed = jpeg.clone();
        ByteBuffer.wrap(changed).putShort(frame + 5, (short) height).putShort(frame + 7, (short) width);
        return changed;
    }

    /// Text and profiles that inflate to gigabytes never reach a decoder.
    @Test
    void bombsOutsideThePixelsAreNotEvenInflated() {
        byte[] bomb = deflated(300L << 20);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes("a\0\0".getBytes(StandardCharsets.ISO_8859_1));
        text.writeBytes(bomb);
        byte[] pixels = deflated(4 * 13);
        byte[] encoded = png(chunk("IHDR", header(4, 4, 8, 2)), chunk("iCCP", text.toByteArray()),
                chunk("zTXt", text.toByteArray()), chunk("IDAT", pixels));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        decode(encoded);
        long before = threads.getCurrentThreadAllocatedBytes();
        assertEquals(4, decode(encoded).width());
        assertTrue(threads.getCurrentThreadAllocatedBytes() - before < SMALL_BYTES);
        // More data than pixels is read no further than the pixels go
        decode(png(chunk("IHDR", header(4, 4, 8, 2)), chunk("IDAT", bomb)));
    }

    /// The budget of this decoder is used up by any picture.
    @Test
    void aPictureWaitsWhileOthersTakeTheMemory() throws Exception {
        PictureDecoder decoder = new PictureDecoder(new PictureLimits(100_000, 1000));
        byte[] large = png(chunk("IHDR", header(300, 300, 16, 6)), chunk("IDAT", deflated(300 * 2401)));
        CountDownLatch inUse = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        Thread first = Thread.ofPlatform().start(() -> decoder.decode(large, picture -> {
            inUse.countDown();
            try {
                return mayEnd.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        inUse.await();
        Thread second = Thread.ofPlatform().start(() -> decoder.decode(large, _ -> done.incrementAndGet()));
        while (second.getState() != Thread.State.WAITING && second.isAlive()) {
            Thread.sleep(1);
        }
        assertEquals(0, done.get());
        mayEnd.countDown();
        first.join();
        second.join();
        assertEquals(1, done.get());
    }

    @Test
    void manyScansAreRefused() {
        byte[] jpeg = Golden.bytes("pictures/progressive.jpg");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, jpeg.length - 2);
        for (int i = 0; i < 10_000; i++) {
            out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xDA, 0, 8, 1, 1, 0, 1, 5, 0, 0});
        }
        out.write(jpeg, jpeg.length - 2, 2);
        assertEquals(Reason.TOO_LARGE, refusal(out.toByteArray()).reason());
    }

    @Test
    void aPictureNamedAsAnotherFormatIsTakenForWhatItIs() {
        assertEquals(PictureFormat.PNG, PictureFormat.of(Golden.bytes("images/sample1.png")));
        assertEquals(PictureFormat.JPEG, PictureFormat.of(Golden.bytes("images/sample0.jpg")));
    }

    @Test
    void flippedBytesGiveAPictureOrARefusal() {
        long seed = Long.getLong("joust.seed", 231_018_918);
        Random random = new Random(seed);
        int refused = 0;
        for (String name : new String[] {
            "images/sample1.png", "images/sample0.jpg", "pictures/progressive.jpg", "pictures/palette4.png", "pictures/rgb16.png"}) {
            byte[] whole = Golden.bytes(name);
            for (int i = 0; i < 300; i++) {
                byte[] flipped = whole.clone();
                int flips = 1 + random.nextInt(4);
                for (int j = 0; j < flips; j++) {
                    // The header more often than the data
                    int at = random.nextInt(random.nextBoolean() ? Math.min(600, whole.length) : whole.length);
                    flipped[at] ^= (byte) (1 + random.nextInt(255));
                }
                try {
                    decode(flipped);
                } catch (PictureException e) {
                    refused++;
                } catch (RuntimeException e) {
                    throw new AssertionError(name + ", seed " + seed + ", try " + i, e);
                }
            }
        }
        assertTrue(refused > 300, "refused " + refused + ", seed " + seed);
    }
}
