// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.Arrays;

/// A growing list of token ids that keeps at most so many and says when it is full. Not thread-safe.
final class TokenIds {
    private final int maxCount;
    private int[] ids = new int[32];
    private int count;

    TokenIds(int maxCount) {
        this.maxCount = maxCount;
    }

    /// Ids past the limit are dropped.
    void add(int id) {
        if (count < maxCount) {
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, count * 2);
            }
            ids[count++] = id;
        }
    }

    void addTo(TokenIds target) {
        for (int i = 0; i < count; i++) {
            target.add(ids[i]);
        }
    }

    boolean isFull() {
        return count == maxCount;
    }

    int[] toArray() {
        return Arrays.copyOf(ids, count);
    }
}
