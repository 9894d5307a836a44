// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class QuietLoggersTest {
    @Test
    void libraryLogsFromWarningsUp() {
        System.Logger logger = System.getLogger("dev.joust.test");
        assertTrue(logger.isLoggable(System.Logger.Level.ERROR) && logger.isLoggable(System.Logger.Level.WARNING));
        assertFalse(logger.isLoggable(System.Logger.Level.INFO) || logger.isLoggable(System.Logger.Level.OFF));
    }
}
