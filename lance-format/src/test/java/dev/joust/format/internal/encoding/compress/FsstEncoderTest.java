// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import dev.joust.format.internal.encoding.LeafValues;

class FsstEncoderTest {
    private static LeafValues.VariableWidth values(String... texts) {
        return values(Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
    }

    private static LeafValues.VariableWidth values(byte[]... items) {
        int[] offsets = new int[items.length + 1];
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < items.length; i++) {
            bytes.writeBytes(items[i]);
            offsets[i + 1] = bytes.size();
        }
        return new LeafValues.VariableWidth(32, items.length, offsets, bytes.toByteArray());
    }

    /// A decoder as the specification (4.5) has it: symbols by number, 255 before a literal byte.
    private static byte[] decode(byte[] table, byte[] codes, int start, int end) {
        int symbolCount = table[0] & 0xFF;
        var target = new ByteArrayOutputStream();
        for (int at = start; at < end; at++) {
            int code = codes[at] & 0xFF;
            if (code == 255) {
                target.write(codes[++at]);
            } else {
                assertTrue(code < symbolCount);
                target.write(table, 8 + 8 * code, table[8 + 8 * symbolCount + code]);
            }
        }
        return target.toByteArray();
    }

    private static FsstEncoder check(LeafValues.VariableWidth values) {
        FsstEncoder encoded = FsstEncoder.encode(values);
        assertNotNull(encoded);
        byte[] table = ((CompressiveEncoding.Fsst) encoded.encoding()).symbolTable().array();
        assertEquals(2312, table.length);
        assertEquals("TSSF", new String(table, 4, 4, StandardCharsets.US_ASCII));
        assertEquals(1, table[3]);
        for (int i = 0; i < values.count(); i++) {
            assertArrayEquals(
                    Arrays.copyOfRange(values.bytes(), values.offsets()[i], values.offsets()[i + 1]),
                    decode(table, encoded.values().bytes(), encoded.values().offsets()[i],
                            encoded.values().offsets()[i + 1]),
                    "value " + i);
        }
        return encoded;
    }

    @Test
    void textDecodesToWhatItWasAndShrinksToLessThanHalf() {
        String[] texts = new String[3000];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = "https://example.org/pictures/" + i % 37 + "/red-star-" + i + ".png";
        }
        LeafValues.VariableWidth values = values(texts);
        assertTrue(check(values).values().byteCount() < values.byteCount() / 2);
    }

    @Test
    void zeroBytesAndEmptyValuesSurvive() {
        byte[][] items = new byte[2000][];
        for (int i = 0; i < items.length; i++) {
            items[i] = new byte[i % 40];
            Arrays.fill(items[i], i % 3 == 0 ? (byte) 0 : (byte) 'a');
        }
        check(values(items));
    }

    @Test
    void bytesOfEveryValueSurvive() {
        long seed = Long.getLong("joust.seed", 231_018_918);
        System.out.println("-Djoust.seed=" + seed);
        var random = new SplittableRandom(seed);
        byte[][] words = new byte[60][];
        for (int i = 0; i < words.length; i++) {
            words[i] = new byte[random.nextInt(1, 20)];
            random.nextBytes(words[i]);
        }
        byte[][] items = new byte[4000][];
        for (int i = 0; i < items.length; i++) {
            var item = new ByteArrayOutputStream();
            for (int word = random.nextInt(12); word > 0; word--) {
                item.writeBytes(words[random.nextInt(words.length)]);
            }
            items[i] = item.toByteArray();
        }
        check(values(items));
    }

    @Test
    void noiseIsLeftAlone() {
        byte[] noise = new byte[40_000];
        new SplittableRandom(7).nextBytes(noise);
        assertNull(FsstEncoder.encode(values(noise)));
    }

    @Test
    void sameValuesGiveTheSameTable() {
        String[] texts = new String[2000];
        Arrays.setAll(texts, i -> "value number " + i * 7919 % 2000);
        assertEquals(check(values(texts)).encoding(), check(values(texts)).encoding());
    }
}
