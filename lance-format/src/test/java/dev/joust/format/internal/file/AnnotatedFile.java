// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/// A whole 2.2 file as the reference writes it: one nullable int32 column `c` = 1, 2, 3
/// (spec: file format, appendix A, byte for byte).
public final class AnnotatedFile {
    private static final String HEX = "20000000" + "48".repeat(60)
            + "00000c000000fefe010000000200000003000000fefefefe" + "48".repeat(40)
            + "0a1b0a1912016320ffffffffffffffffff012a05696e7433323001380110030a2912270a250a1f2f6c616e63652e656e"
            + "636f64696e67732e436f6c756d6e456e636f64696e6712020a0012420a020040120204181803223612340a320a1d2f6c"
            + "616e63652e656e636f64696e677332312e506167654c61796f757412110a0f1a040a0208203201013801480350019f00"
            + "0000000000006f0000000000000080000000000000001f000000000000009f000000000000000e010000000000001e01"
            + "0000000000000100000001000000020002004c414e43";

    private AnnotatedFile() {}

    public static byte[] bytes() {
        return HexFormat.of().parseHex(HEX);
    }

    public static MemorySegment segment() {
        byte[] bytes = bytes();
        return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    }
}
