// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.nio.charset.StandardCharsets;

/// The 256 printable characters that stand for bytes in byte-level vocabularies: a byte that is a printable Latin-1
/// character stands for itself, the other 68 are moved, in order, to U+0100 and up.
final class ByteAlphabet {
    private static final char[] CHARACTERS = new char[256];

    static {
        int moved = 0;
        for (int value = 0; value < 256; value++) {
            boolean printable =
                    (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
            CHARACTERS[value] = printable ? (char) value : (char) (0x100 + moved++);
        }
    }

    private ByteAlphabet() {}

    /// One character per byte of the text's UTF-8.
    static String encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        char[] result = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = CHARACTERS[Byte.toUnsignedInt(bytes[i])];
        }
        return new String(result);
    }
}
