// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

final class TopKTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);

    @Test
    void keepsTheNearestInOrder() {
        var random = new Random(SEED);
        for (int trial = 0; trial < 300; trial++) {
            int count = random.nextInt(200);
            int k = 1 + random.nextInt(60);
            var offered = new ArrayList<Neighbor>();
            for (int i = 0; i < count; i++) {
                offered.add(new Neighbor(random.nextLong(), random.nextInt(20))); // many are equally near
            }
            var topK = new TopK(k);
            offered.forEach(neighbor -> topK.offer(neighbor.distance(), neighbor.rowAddress()));
            assertEquals(nearest(offered, k), topK.toSortedList(), "-Djoust.seed=" + SEED);
        }
    }

    @Test
    void equallyNearRowsAreKeptByAddressInWhateverOrderTheyCome() {
        var rows = new ArrayList<>(List.of(5L, 1L, -1L, 3L, 2L, Long.MIN_VALUE, 4L));
        var random = new Random(SEED);
        for (int trial = 0; trial < 50; trial++) {
            Collections.shuffle(rows, random);
            var topK = new TopK(6);
            rows.forEach(row -> topK.offer(1.5f, row));
            assertEquals(
                    List.of(1L, 2L, 3L, 4L, 5L, Long.MIN_VALUE), // unsigned: -1 is the largest
                    topK.toSortedList().stream().map(Neighbor::rowAddress).toList());
        }
    }

    @Test
    void notANumberIsNeverKept() {
        var topK = new TopK(3);
        topK.offer(Float.NaN, 1);
        topK.offer(Float.POSITIVE_INFINITY, 2);
        topK.offer(Float.NEGATIVE_INFINITY, 3);
        assertEquals(
                List.of(new Neighbor(3, Float.NEGATIVE_INFINITY), new Neighbor(2, Float.POSITIVE_INFINITY)),
                topK.toSortedList());
    }

    @Test
    void thresholdIsTheFarthestOnceFull() {
        var topK = new TopK(2);
        topK.offer(1, 1);
        assertEquals(Float.POSITIVE_INFINITY, topK.threshold());
        topK.offer(3, 2);
        assertEquals(3, topK.threshold());
        topK.offer(2, 3);
        assertEquals(2, topK.threshold());
    }

    @Test
    void largeKCostsWhatIsKept() {
        var topK = new TopK(Integer.MAX_VALUE);
        for (int i = 0; i < 1000; i++) {
            topK.offer(i, i);
        }
        assertEquals(1000, topK.toSortedList().size());
    }

    @Test
    void kBelowOneIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TopK(0));
    }

    private static List<Neighbor> nearest(List<Neighbor> all, int k) {
        return all.stream()
                .sorted(Comparator.comparingDouble(Neighbor::distance)
                        .thenComparing(Neighbor::rowAddress, Long::compareUnsigned))
                .limit(k)
                .toList();
    }
}
