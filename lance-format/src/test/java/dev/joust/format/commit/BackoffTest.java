// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InterruptedIOException;
import java.time.Duration;

import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void attemptsEndWhenTheTimeIsUp() throws InterruptedIOException {
        Backoff backoff = new Backoff(Duration.ofMillis(1));
        int attempts = 0;
        while (backoff.await()) {
            attempts++;
            assertTrue(attempts < 1_000, "goes on for ever");
        }
        assertEquals(attempts + 1, backoff.attemptCount());
        while (backoff.elapsed().compareTo(Duration.ofMillis(1)) <= 0) {
            Thread.onSpinWait();
        }
        assertFalse(backoff.await());
    }

    @Test
    void whoIsInterruptedWhileWaitingStaysSo() {
        Backoff backoff = new Backoff(Duration.ofSeconds(30));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedIOException.class, () -> {
            while (backoff.await()) {
                Thread.onSpinWait();
            }
        });
        assertTrue(Thread.interrupted());
    }
}
