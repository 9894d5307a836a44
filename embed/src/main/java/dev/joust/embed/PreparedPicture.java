// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

/// A picture as the model that prepared it sees it: what is left of it once its pixels are let go. A few 100 KB, so
/// that pictures can be decoded by several threads and embedded many at once. Immutable.
public final class PreparedPicture {
    /// Red, green, blue per pixel, rows from the top, of the size that the model wants.
    private final byte[] pixels;

    PreparedPicture(byte[] pixels) {
        this.pixels = pixels;
    }

    byte[] pixels() {
        return pixels;
    }
}
