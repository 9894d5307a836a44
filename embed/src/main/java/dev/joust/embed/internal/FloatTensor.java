// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.util.Arrays;

/// What a graph gave: `float[shape[0] * shape[1] * …]`, row-major. The arrays are the caller's.
public record FloatTensor(float[] values, long[] shape) {
    /// Elements of one item, of which there are `shape[0]`.
    public int itemLength() {
        return shape.length == 0 || shape[0] == 0 ? 0 : values.length / (int) shape[0];
    }

    /// One item's elements, in an array of its own.
    public float[] item(int index) {
        return Arrays.copyOfRange(values, index * itemLength(), (index + 1) * itemLength());
    }
}
