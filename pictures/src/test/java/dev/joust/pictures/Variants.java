// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// Any number of different pictures.
final class Variants {
    private static final List<DemoPictures.DemoPicture> DEMO = DemoPictures.list();

    private Variants() {}

    /// A demo picture with other bytes: what follows the end of a JPEG is not looked at.
    static byte[] of(int number) {
        byte[] bytes = DemoPictures.bytes(DEMO.get(number % DEMO.size()));
        byte[] variant = Arrays.copyOf(bytes, bytes.length + 4);
        ByteBuffer.wrap(variant).putInt(bytes.length, number);
        return variant;
    }
}
