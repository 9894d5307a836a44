// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import dev.joust.format.UnsupportedFormatException;

/// General-purpose compressions of whole buffers (spec: file format 4.8).
public enum CompressionScheme {
    LZ4(1),
    ZSTD(2);

    private final int code;

    CompressionScheme(int code) {
        this.code = code;
    }

    /// The number on the wire.
    public int code() {
        return code;
    }

    public static CompressionScheme fromCode(int code) {
        for (CompressionScheme scheme : values()) {
            if (scheme.code == code) {
                return scheme;
            }
        }
        throw new UnsupportedFormatException("buffer compression scheme " + code + " is not known");
    }
}
