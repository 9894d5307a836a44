// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

/// What a vector's elements are.
public enum VectorElement {
    FLOAT16(2),
    FLOAT32(4),
    FLOAT64(8),
    INT8(1),
    UINT8(1);

    private final int widthBytes;

    VectorElement(int widthBytes) {
        this.widthBytes = widthBytes;
    }

    public int widthBytes() {
        return widthBytes;
    }
}
