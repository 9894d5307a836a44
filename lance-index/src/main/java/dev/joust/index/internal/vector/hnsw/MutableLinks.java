// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import java.util.Arrays;
import java.util.List;

/// The links of a graph that is being built. Who changes those of a row holds its lock; who reads them does not, and
/// may see some of the old and some of the new, which are rows all the same.
final class MutableLinks {
    private final int[] levels;
    private final int m;
    private final int stride;
    /// For each row how many links, then the links: of level 0, as most rows have no other.
    private final int[][] ground;
    private final int rowsPerArray;
    /// For each row of an upper level the same for the levels from 1 on.
    private final int[][] upper;

    MutableLinks(int[] levels, int m) {
        this.levels = levels;
        this.m = m;
        stride = 2 * m + 1;
        rowsPerArray = Math.max(1, (1 << 26) / stride);
        ground = new int[Math.ceilDiv(levels.length, rowsPerArray)][];
        for (int i = 0; i < ground.length; i++) {
            ground[i] = new int[Math.min(rowsPerArray, levels.length - i * rowsPerArray) * stride];
        }
        upper = new int[levels.length][];
        for (int row = 0; row < levels.length; row++) {
            if (levels[row] > 0) {
                upper[row] = new int[levels[row] * (m + 1)];
            }
        }
    }

    int count() {
        return levels.length;
    }

    /// How many links a row may have on a level.
    int most(int level) {
        return level == 0 ? 2 * m : m;
    }

    /// Fills the front of `into` with the neighbours of a row, and returns how many there are.
    int copy(int row, int level, int[] into) {
        int[] array = array(row, level);
        int at = at(row, level);
        int count = array[at];
        System.arraycopy(array, at + 1, into, 0, count);
        return count;
    }

    /// Adds a link unless it is there already; false if there is no room for it.
    boolean add(int row, int level, int other) {
        int[] array = array(row, level);
        int at = at(row, level);
        int count = array[at];
        for (int i = 1; i <= count; i++) {
            if (array[at + i] == other) {
                return true;
            }
        }
        if (count == most(level)) {
            return false;
        }
        array[at + 1 + count] = other;
        array[at] = count + 1;
        return true;
    }

    void replace(int row, int level, int[] neighbors, int count) {
        int[] array = array(row, level);
        int at = at(row, level);
        System.arraycopy(neighbors, 0, array, at + 1, count);
        array[at] = count;
    }

    /// A level as it is now, with more links: pairs of the row they start from and the row they lead to, ordered by the
    /// former.
    HnswGraph.Level freeze(int level, List<int[]> extra) {
        int nodeCount = 0;
        long linkCount = extra.size();
        for (int row = 0; row < levels.length; row++) {
            if (levels[row] >= level) {
                nodeCount++;
                linkCount += array(row, level)[at(row, level)];
            }
        }
        int[] nodes = new int[nodeCount];
        int[] offsets = new int[nodeCount + 1];
        int[] neighbors = new int[Math.toIntExact(linkCount)];
        int[] some = new int[stride];
        int node = 0;
        int next = 0;
        int used = 0;
        for (int row = 0; row < levels.length; row++) {
            if (levels[row] >= level) {
                int count = copy(row, level, some);
                System.arraycopy(some, 0, neighbors, next, count);
                next += count;
                for (; used < extra.size() && extra.get(used)[0] == row; used++) {
                    neighbors[next++] = extra.get(used)[1];
                }
                nodes[node++] = row;
                offsets[node] = next;
            }
        }
        return new HnswGraph.Level(nodes, offsets, Arrays.copyOf(neighbors, next));
    }

    private int[] array(int row, int level) {
        return level == 0 ? ground[row / rowsPerArray] : upper[row];
    }

    private int at(int row, int level) {
        return level == 0 ? row % rowsPerArray * stride : (level - 1) * (m + 1);
    }
}
