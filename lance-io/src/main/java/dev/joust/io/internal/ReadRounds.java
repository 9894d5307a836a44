// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal;

/// Told by a scheduler which requests do not depend on each other. A store that counts dependent rounds implements
/// it, and views pass it on; other stores need not know.
public interface ReadRounds {
    /// Requests from here to {@link #endRound} are issued without waiting for one another's answers.
    void beginRound();

    void endRound();
}
