// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.Arrays;

/// A set of code points: sorted, half-open ranges. Immutable and thread-safe.
final class CodePoints {
    /// The start of range 0, its end, the start of range 1, ...
    private final int[] bounds;

    private CodePoints(int[] bounds) {
        this.bounds = bounds;
    }

    /// Ranges as hexadecimal numbers, both ends within: `9-d 20 2000-200a`, ascending.
    static CodePoints parse(String ranges) {
        String[] parts = ranges.strip().split(" ", -1);
        int[] bounds = new int[parts.length * 2];
        for (int i = 0; i < parts.length; i++) {
            String[] ends = parts[i].split("-", -1);
            bounds[2 * i] = Integer.parseInt(ends[0], 16);
            bounds[2 * i + 1] = Integer.parseInt(ends[ends.length - 1], 16) + 1;
        }
        return new CodePoints(bounds);
    }

    boolean contains(int codePoint) {
        int at = Arrays.binarySearch(bounds, codePoint);
        // An even bound is a range's first code point, an odd one the first that is past it
        return at >= 0 ? at % 2 == 0 : (-at - 1) % 2 == 1;
    }
}
