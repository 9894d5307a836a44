// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.joust.index.Neighbor;
import dev.joust.index.SummedSimilarities;

final class MaxSimTest {
    @Test
    void nearestOfEachQueryVectorIsAdded() {
        float[][] distances = {{0.5f, 0.25f, Float.NaN}, {1, 2, 0.125f}};
        assertEquals(0.375f, MaxSim.exact(distances, 0, 3));
        assertEquals(1.25f, MaxSim.exact(distances, 0, 2));
        assertTrue(Float.isNaN(MaxSim.exact(distances, 0, 0)));
    }

    @Test
    void similaritiesThatWereNotSeenAreThoseOfTheLastRow() {
        var sums = new SummedSimilarities();
        sums.add(List.of(new Neighbor(7, 0.125f), new Neighbor(7, 0.25f), new Neighbor(8, 0.5f)));
        sums.add(List.of(new Neighbor(9, 0.25f), new Neighbor(7, 0.75f)));
        sums.add(List.of());
        // row 7: 0.875 + 0.25, row 8: 0.5 + 0.25, row 9: 0.5 + 0.75, each of 3
        assertEquals(
                List.of(new Neighbor(9, 1.75f), new Neighbor(7, 1.875f), new Neighbor(8, 2.25f)),
                sums.nearest(5, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY));
    }
}
