// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;

class JsonbTextTest {
    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /// Bytes that pylance 14.0.2 stored, and the text that it read them back as.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "40000001 10000001 20000002 61 5001|{\"a\":1}",
                "8000000b 20000002 20000009 10000001 00000000 40000000 30000000 20000002 20000009 20000009 20000009 20000009"
                        + " 5001 604004000000000000 78 40fd 607e37e43c8800759c 5000000002dfdc1c35 40fffffffd2023e3cb"
                        + " 50ffffffffffffffff|[1,2.5,\"x\",null,true,false,-3,1e+300,12345678901,-12345678901,18446744073709551615]",
                "20000000 10000009 7122756fc3a90a012f|\"q\\\"uoé\\n\\u0001/\"",
                "40000000|{}",
                "80000000|[]",
                "20000000 20000009 603ff0000000000000|1.0",
                "20000000 20000001 00|0",
                "20000000 20000009 608000000000000000|-0.0",
                "20000000 20000009 603fb999999999999a|0.1",
                "20000000 20000009 6040f86a0000000000|100000.0",
                "20000000 20000009 604415af1d78b58c40|1e+20",
                "20000000 20000009 6045f8ee90ff6c373e|1.2345678901234568e+29",
                "20000000 00000000|null",
                "20000000 40000000|true",
                "40000002 10000001 10000001 10000001 5000002a 61 62 7a 40000001 10000001 5000001d 63 80000002 20000002 5000000f"
                        + " 5001 40000001 10000001 20000002 64 5002|{\"a\":\"z\",\"b\":{\"c\":[1,{\"d\":2}]}}",
                "20000000 20000002 5080|128",
                "20000000 20000002 4080|-128",
                "20000000 20000003 40ff7f|-129",
                "20000000 20000005 5000010000|65536",
                "20000000 20000009 603e8421f5f40d8376|1.5e-7",
                "20000000 10000004 f09f9880|\"😀\"",
                "20000000 20000009 600000000000000001|5e-324",
                "20000000 20000009 60419d6f3454800000|123456789.125",
            })
    void storedBytesReadAsTheReferencePrintsThem(String hex, String text) {
        assertEquals(text, JsonbText.of(bytes(hex)));
    }

    @Test
    void damageIsRefused() {
        byte[] value = bytes("40000002 10000001 10000001 10000001 5000002a 61 62 7a 40000001 10000001 5000001d 63 80000002"
                + " 20000002 5000000f 5001 40000001 10000001 20000002 64 5002");
        for (int length = 0; length < value.length; length++) {
            byte[] cut = Arrays.copyOf(value, length);
            assertThrows(CorruptFileException.class, () -> JsonbText.of(cut), () -> cut.length + " bytes");
        }
        Random random = new Random(20261121);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = value.clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                JsonbText.of(damaged);
            } catch (CorruptFileException | UnsupportedFormatException e) {
                // nothing else
            }
        }
        byte[] deep = new byte[8 * 5000];
        for (int i = 0; i < 5000; i++) {
            deep[8 * i] = (byte) 0x80;
            deep[8 * i + 3] = 1;
            int rest = deep.length - 8 * (i + 1);
            deep[8 * i + 4] = 0x50;
            deep[8 * i + 6] = (byte) (rest >>> 8);
            deep[8 * i + 7] = (byte) rest;
        }
        assertThrows(CorruptFileException.class, () -> JsonbText.of(deep));
    }
}
