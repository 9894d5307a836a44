// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A graph of several levels through the rows of a partition: level 0 has all rows, each level above some of those below
/// it. Immutable and thread-safe.
public final class HnswGraph {
    private final int count;
    private final int entryPoint;
    private final List<Level> levels;
    private final int[][] slots;

    /// What one level has, as the file lists it.
    ///
    /// @param nodes     row numbers, ascending; on level 0 all from 0 on
    /// @param offsets   neighbours of `nodes[i]` are those from `offsets[i]` to `offsets[i + 1]`; one more than nodes
    /// @param neighbors row numbers
    public record Level(int[] nodes, int[] offsets, int[] neighbors) {
        public Level {
            if (offsets.length != nodes.length + 1 || offsets[0] != 0 || offsets[nodes.length] > neighbors.length) {
                throw new IllegalArgumentException(nodes.length + " nodes with " + offsets.length + " offsets up to "
                        + offsets[offsets.length - 1] + " into " + neighbors.length + " neighbours");
            }
            for (int i = 0; i < nodes.length; i++) {
                if (offsets[i] > offsets[i + 1]) {
                    throw new IllegalArgumentException(
                            "neighbours from " + offsets[i] + " to " + offsets[i + 1]);
                }
                if (i > 0 && nodes[i - 1] >= nodes[i]) {
                    throw new IllegalArgumentException("node " + nodes[i] + " after node " + nodes[i - 1]);
                }
            }
        }
    }

    /// Takes over the arrays, in which neighbours that are no nodes of their level are left out.
    ///
    /// @param entryPoint where a search starts: a row of the highest level that has any, or else one of any level
    /// @param levels     from level 0 up; those without nodes at the end may be left out
    /// @throws IllegalArgumentException if level 0 has not all rows in their order, or a level rows that are not on the
    ///     level below
    public HnswGraph(int entryPoint, List<Level> levels) {
        if (levels.isEmpty()) {
            throw new IllegalArgumentException("a graph has at least one level");
        }
        int[] all = levels.getFirst().nodes();
        count = all.length;
        if (count > 0 && (all[0] != 0 || all[count - 1] != count - 1)) {
            throw new IllegalArgumentException("level 0 has rows " + all[0] + " to " + all[count - 1] + ", not all of "
                    + count);
        }
        if (entryPoint < 0 || entryPoint >= Math.max(count, 1)) {
            throw new IllegalArgumentException("entry point " + entryPoint + " of " + count + " rows");
        }
        int used = levels.size();
        while (used > 1 && levels.get(used - 1).nodes().length == 0) {
            used--;
        }
        this.entryPoint = entryPoint;
        var kept = new ArrayList<Level>();
        for (int i = 0; i < used; i++) {
            kept.add(withoutStrangers(levels.get(i), i == 0 ? count : -1));
        }
        this.levels = List.copyOf(kept);
        slots = new int[used][];
        for (int i = 1; i < used; i++) {
            slots[i] = slotsBelow(this.levels.get(i).nodes(), this.levels.get(i - 1).nodes(), i);
        }
    }

    /// How many rows.
    public int count() {
        return count;
    }

    public int entryPoint() {
        return entryPoint;
    }

    /// From level 0 up; the last one has nodes unless there are none at all.
    public List<Level> levels() {
        return levels;
    }

    /// Where each node of the level is among those of the level below.
    int[] slotsBelow(int level) {
        return slots[level];
    }

    private static Level withoutStrangers(Level level, int countIfAll) {
        int[] offsets = new int[level.offsets().length];
        int[] neighbors = new int[level.offsets()[level.nodes().length]];
        int kept = 0;
        for (int i = 0; i < level.nodes().length; i++) {
            for (int j = level.offsets()[i]; j < level.offsets()[i + 1]; j++) {
                int neighbor = level.neighbors()[j];
                boolean known = countIfAll >= 0
                        ? neighbor >= 0 && neighbor < countIfAll
                        : Arrays.binarySearch(level.nodes(), neighbor) >= 0;
                if (known) {
                    neighbors[kept++] = neighbor;
                }
            }
            offsets[i + 1] = kept;
        }
        return new Level(level.nodes(), offsets, kept == neighbors.length ? neighbors : Arrays.copyOf(neighbors, kept));
    }

    private static int[] slotsBelow(int[] nodes, int[] below, int level) {
        int[] slots = new int[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            slots[i] = Arrays.binarySearch(below, nodes[i]);
            if (slots[i] < 0) {
                throw new IllegalArgumentException(
                        "row " + nodes[i] + " is on level " + level + ", but not on the one below");
            }
        }
        return slots;
    }
}
