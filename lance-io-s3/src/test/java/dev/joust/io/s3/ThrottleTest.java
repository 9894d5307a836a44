// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ThrottleTest {
    private long nowNanos;
    private final Throttle throttle = new Throttle(() -> nowNanos);

    @Test
    void nothingWaitsUntilTheServiceSaysThatItIsTooMuch() {
        for (int i = 0; i < 1000; i++) {
            assertEquals(0, throttle.reserve());
            throttle.answered();
        }
    }

    @Test
    void requestsAreSpacedAfterwardsAndFurtherWithEachSuchAnswer() {
        throttle.slowDown();
        long first = throttle.intervalNanos();
        assertTrue(first > 0);
        assertEquals(0, throttle.reserve());
        assertEquals(first, throttle.reserve());
        assertEquals(2 * first, throttle.reserve());
        nowNanos += 1_000_000_000;
        throttle.slowDown();
        assertEquals(2 * first, throttle.intervalNanos());
    }

    @Test
    void answersToRequestsThatWereUnderWayTogetherCountOnce() {
        throttle.slowDown();
        long first = throttle.intervalNanos();
        throttle.slowDown();
        throttle.slowDown();
        assertEquals(first, throttle.intervalNanos());
    }

    @Test
    void theIntervalIsBoundedAndGoesAwayWithGoodAnswers() {
        for (int i = 0; i < 100; i++) {
            nowNanos += 1_000_000_000;
            throttle.slowDown();
        }
        assertTrue(throttle.intervalNanos() <= 1_000_000_000L);
        for (int i = 0; i < 1000; i++) {
            throttle.answered();
        }
        assertEquals(0, throttle.intervalNanos());
        assertEquals(0, throttle.reserve());
    }
}
