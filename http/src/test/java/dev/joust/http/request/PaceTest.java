// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    private final Pace pace = new Pace();

    @Test
    void dripIsTooSlowAfterTenSecondsOfWaiting() {
        for (int i = 0; i < 9; i++) {
            assertFalse(pace.isTooSlow(SECOND, 40));
        }
        assertTrue(pace.isTooSlow(SECOND, 40));
    }

    @Test
    void aKibibyteASecondIsFastEnoughAndSoIsALongPauseBeforeMuch() {
        for (int i = 0; i < 100; i++) {
            assertFalse(pace.isTooSlow(SECOND, 1024));
        }
        assertFalse(pace.isTooSlow(25 * SECOND, 1 << 16));
    }

    @Test
    void whatCameEarlierIsNoCreditForALaterDrip() {
        assertFalse(pace.isTooSlow(11 * SECOND, 100 << 20));
        assertFalse(pace.isTooSlow(9 * SECOND, 10));
        assertTrue(pace.isTooSlow(SECOND, 10));
    }

    @Test
    void workBetweenReadsDoesNotCount() {
        for (int i = 0; i < 1000; i++) {
            assertFalse(pace.isTooSlow(1000, 1));
        }
    }
}
