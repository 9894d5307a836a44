// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.embed.Golden;
import dev.joust.embed.image.PictureException.Reason;

/// Cut and changed bytes of every format that is read.
@Timeout(120)
class HostileFormatsTest {
    private static final PictureDecoder DECODER = new PictureDecoder(PictureLimits.DEFAULT);
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final int CUTS = 12;
    private static final int TRIES = 25;
    /// Decoding a small picture takes little, whatever its bytes were made to say.
    private static final long MOST_BYTES = 48 << 20;

    static Stream<String> pictures() {
        return PictureFormatsTest.pictures();
    }

    private static RgbPicture decode(byte[] encoded) {
        return DECODER.decodeToKeep(encoded, DecodedPicture::pixels);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void aPictureCutShortAnywhereIsRefused(String name) {
        byte[] whole = Golden.bytes("formats/" + name);
        for (int length = 1; length < whole.length; length += Math.max(1, whole.length / CUTS)) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(PictureException.class, () -> decode(cut), () -> name + " of " + cut.length + " bytes");
        }
        // Between pages there is padding, and at the end of them
        byte[] almost = Arrays.copyOf(whole, whole.length - (name.equals("pages.tif") ? 8 : 1));
        assertEquals(Reason.CUT_SHORT, assertThrows(PictureException.class, () -> decode(almost)).reason());
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void changedBytesGiveAPictureOrARefusal(String name) {
        byte[] whole = Golden.bytes("formats/" + name);
        Random random = new Random(SEED + name.hashCode());
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < TRIES; i++) {
            byte[] changed = whole.clone();
            int changes = 1 + random.nextInt(4);
            for (int j = 0; j < changes; j++) {
                // The headers more often than the pixels
                int at = random.nextInt(random.nextBoolean() ? Math.min(400, whole.length) : whole.length);
                changed[at] = random.nextBoolean() ? (byte) random.nextInt(256) : random.nextBoolean() ? (byte) 0xFF : 0;
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            boolean isTaken = true;
            try {
                isTaken = decode(changed).width() > 0;
            } catch (PictureException refused) {
                isTaken = false;
            } catch (RuntimeException e) {
                throw new AssertionError(name + ", seed " + SEED + ", try " + i, e);
            }
            long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocatedBytes < MOST_BYTES || isTaken, name + ", seed " + SEED + ", try " + i + ": " + allocatedBytes);
        }
    }

    @Test
    void theSameBytesGiveTheSamePixelsInEveryThread() throws Exception {
        for (String name : new String[] {"display-p3.jpg", "lossy.webp", "palette.tif", "interlaced.gif"}) {
            byte[] encoded = Golden.bytes("formats/" + name);
            byte[] expected = decode(encoded).toPackedBytes();
            Thread[] threads = new Thread[4];
            byte[][] found = new byte[threads.length][];
            for (int i = 0; i < threads.length; i++) {
                int slot = i;
                threads[i] = Thread.ofPlatform().start(() -> found[slot] = decode(encoded).toPackedBytes());
            }
            for (Thread thread : threads) {
                thread.join();
            }
            for (byte[] each : found) {
                assertTrue(Arrays.equals(expected, each), name);
            }
        }
    }
}
