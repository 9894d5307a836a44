// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.util.Arrays;
import java.util.BitSet;

import org.jspecify.annotations.Nullable;

/// Which slots of one array take part: runs of neighbours, in order. Slots below a null struct still count, but are
/// dead: lists in them are empty, whatever their offsets say. Not thread-safe.
public final class Slots {
    private int[] starts = new int[4];
    private int[] ends = new int[4];
    private int runCount;
    private int slotCount;

    /// By position among the slots; null if none is dead.
    private final @Nullable BitSet dead;

    public Slots() {
        this(null);
    }

    private Slots(@Nullable BitSet dead) {
        this.dead = dead;
    }

    public static Slots of(int start, int end) {
        Slots slots = new Slots();
        slots.add(start, end);
        return slots;
    }

    /// The same slots, these of them dead.
    Slots withDead(BitSet newDead) {
        Slots slots = new Slots(newDead);
        slots.starts = starts;
        slots.ends = ends;
        slots.runCount = runCount;
        slots.slotCount = slotCount;
        return slots;
    }

    public void add(int start, int end) {
        if (start == end) {
            return;
        }
        if (runCount > 0 && ends[runCount - 1] == start) {
            ends[runCount - 1] = end;
        } else {
            if (runCount == starts.length) {
                starts = Arrays.copyOf(starts, runCount * 2);
                ends = Arrays.copyOf(ends, runCount * 2);
            }
            starts[runCount] = start;
            ends[runCount++] = end;
        }
        slotCount = Math.addExact(slotCount, end - start);
    }

    public int runCount() {
        return runCount;
    }

    public int start(int run) {
        return starts[run];
    }

    public int end(int run) {
        return ends[run];
    }

    public int slotCount() {
        return slotCount;
    }

    boolean isDead(int position) {
        return dead != null && dead.get(position);
    }

    @Nullable BitSet dead() {
        return dead;
    }
}
