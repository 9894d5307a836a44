// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.maintain;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

import dev.joust.format.table.CleanupPolicy;
import dev.joust.format.table.Dataset;
import dev.joust.search.MaintenanceTask;

/// Deletes old versions, a while after each other: a cleanup reads every manifest. Tagged versions stay.
public final class OldVersions implements MaintenanceTask {
    /// Of the age that versions live to, the share between two cleanups.
    private static final int SHARE = 4;
    private static final long LEAST_NANOS = Duration.ofSeconds(10).toNanos();

    private final Duration olderThan;
    private final long everyNanos;
    private long nextNanos = System.nanoTime();

    public OldVersions(Duration olderThan) {
        this.olderThan = olderThan;
        this.everyNanos = Math.max(LEAST_NANOS, olderThan.dividedBy(SHARE).toNanos());
    }

    @Override
    public String name() {
        return "delete old versions";
    }

    @Override
    public synchronized boolean isDue(Dataset version) {
        return System.nanoTime() - nextNanos >= 0;
    }

    @Override
    public Optional<Outcome> prepare(Dataset version) throws IOException {
        synchronized (this) {
            nextNanos = System.nanoTime() + everyNanos;
        }
        version.upkeep().cleanup(CleanupPolicy.olderThan(olderThan).withErrorIfTagged(false));
        return Optional.empty();
    }
}
