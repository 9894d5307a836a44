// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.io.IOException;
import java.util.Optional;

import dev.joust.format.table.Dataset;

/// Something that keeps a table fast, and is done in the background after writes ({@link Maintenance}). Thread-safe; of one
/// table it does one thing at a time.
public interface MaintenanceTask {
    /// For logs and counters: `merge small fragments`.
    String name();

    /// Whether there is something to do. Asked after writes, on the writer's thread: what the manifest says has to be
    /// enough.
    boolean isDue(Dataset version);

    /// Does what takes long, and changes nothing that anybody sees.
    ///
    /// @param version the newest
    /// @return what remains to be committed; empty if nothing does
    /// @throws dev.joust.format.CommitConflictException if others were in the way: it is done again after a later write
    Optional<Outcome> prepare(Dataset version) throws IOException;

    /// What a task has prepared. Commits it, perhaps tried again after a try that lost.
    @FunctionalInterface
    interface Outcome {
        /// @param version what was prepared from, with options that say how often to try
        /// @return the version that came of it
        /// @throws dev.joust.format.CommitConflictException if it lost, or goes no more with what others did
        Dataset commit(Dataset version) throws IOException;

        /// It lost, and is not tried again: what was written for it nobody will ever know.
        ///
        /// @param version what was prepared from
        default void giveUp(Dataset version) {}
    }
}
