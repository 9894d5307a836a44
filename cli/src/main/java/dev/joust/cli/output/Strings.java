// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.nio.charset.StandardCharsets;

/// Text of cells.
final class Strings {
    private Strings() {}

    /// Bytes that are no UTF-8 become replacement characters: text output must stay text.
    static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
