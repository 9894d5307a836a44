// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonbEncoderTest {
    /// Bytes that the reference stores for the same text.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            null            | 20000000 00000000
            true            | 20000000 40000000
            0               | 20000000 20000001 00
            -0              | 20000000 20000001 00
            17              | 20000000 20000002 50 11
            256             | 20000000 20000003 50 0100
            -128            | 20000000 20000002 40 80
            -129            | 20000000 20000003 40 ff7f
            4294967296      | 20000000 20000009 50 0000000100000000
            18446744073709551615 | 20000000 20000009 50 ffffffffffffffff
            1.5             | 20000000 20000009 60 3ff8000000000000
            1e400           | 20000000 20000001 20
            "é"             | 20000000 10000002 c3a9
            "\\u00e9\\ud83d\\ude00" | 20000000 10000006 c3a9f09f9880
            []              | 80000000
            {}              | 40000000
            [1, [true], ""] | 80000003 20000002 50000008 10000000 5001 80000001 40000000
            {"b":null,"a":1} | 40000002 10000001 10000001 20000002 00000000 61 62 5001
            """)
    void textBecomesTheBytesOfTheReference(String json, String hex) {
        assertEquals(hex.replace(" ", ""), HexFormat.of().formatHex(JsonbEncoder.of(json)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":[1,2.5,{\"b\":\"x\\ny\"}],\"c\":-7}", "[[[]],{}]", "1.0", "1e+23"})
    void textComesBack(String json) {
        assertEquals(json, JsonbText.of(JsonbEncoder.of(json)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1,2", "nul", "{'a':1}", "[1,]", "{\"a\":1,\"a\":2}", "01", "+1", "1.", "\"\\ud800\"", "{\"a\" 1}", "1 2", "\"", "\"\\x\"", "-", "[}"})
    void whatIsNoJsonIsRefused(String text) {
        var error = assertThrows(IllegalArgumentException.class, () -> JsonbEncoder.of(text));
        assertTrue(error.getMessage().startsWith("no JSON"), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {501, 100_000})
    void textOfTooManyLevelsIsRefused(int levels) {
        assertThrows(IllegalArgumentException.class, () -> JsonbEncoder.of("[".repeat(levels)));
    }
}
