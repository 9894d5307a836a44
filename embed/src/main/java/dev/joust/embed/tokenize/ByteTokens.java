// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/// The tokens `<0x00>` to `<0xFF>`, which stand for the bytes of characters without a token.
final class ByteTokens {
    private ByteTokens() {}

    /// The id per byte, or -1 where the vocabulary lacks the token.
    static int[] ids(Map<String, Integer> vocabulary) {
        int[] ids = new int[256];
        for (int value = 0; value < 256; value++) {
            ids[value] = vocabulary.getOrDefault(String.format(Locale.ROOT, "<0x%02X>", value), -1);
        }
        return ids;
    }

    /// Adds a token per byte, if all have one; says whether it did.
    static boolean add(byte[] bytes, int @Nullable [] ids, TokenIds target) {
        if (ids == null) {
            return false;
        }
        for (byte value : bytes) {
            if (ids[Byte.toUnsignedInt(value)] < 0) {
                return false;
            }
        }
        for (byte value : bytes) {
            target.add(ids[Byte.toUnsignedInt(value)]);
        }
        return true;
    }
}
