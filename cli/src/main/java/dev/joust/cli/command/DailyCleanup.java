// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.lang.System.Logger.Level;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.joust.pictures.LibraryCleanup;
import dev.joust.pictures.PictureLibrary;

/// Cleans a library that is served, soon after the start and once a day. What goes wrong is logged, and tried again the
/// next day.
final class DailyCleanup implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DailyCleanup.class.getName());
    private static final long FIRST_MINUTES = 1;
    private static final long LONGEST_END_SECONDS = 5;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("joust-cleanup").daemon().factory());
    private final PictureLibrary library;
    private final LibraryCleanup policy;

    DailyCleanup(PictureLibrary library, LibraryCleanup policy) {
        this.library = library;
        this.policy = policy;
    }

    void start() {
        var _ = executor.scheduleAtFixedRate(this::clean, FIRST_MINUTES, TimeUnit.DAYS.toMinutes(1), TimeUnit.MINUTES);
    }

    private void clean() {
        try {
            LOG.log(Level.INFO, () -> ImagesCleanupCommand.line(library.cleanup(policy)));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the library could not be cleaned up", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "a cleanup that is under way is left there");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
