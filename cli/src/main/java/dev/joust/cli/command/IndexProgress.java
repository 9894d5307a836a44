// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import dev.joust.index.IndexBuildListener;
import dev.joust.index.IndexBuildOptions;

/// Shows on a terminal how far the build of an index is, phase by phase, and ends the build when the process is told to end:
/// then it waits until files that nobody will need are gone. For one build.
final class IndexProgress implements IndexBuildListener, AutoCloseable {
    private static final long INTERVAL_NANOS = 200_000_000L;
    private static final long LONGEST_END_SECONDS = 20;

    private final TerminalLine terminal;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::cancel, "joust-cancel");
    private volatile boolean cancelled;
    private @Nullable Phase phase;
    private long phaseNanos;
    private long lastNanos;

    IndexProgress(Context context) {
        terminal = new TerminalLine(context);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// How the build is told about this.
    IndexBuildOptions options() {
        return IndexBuildOptions.DEFAULT.withListener(this).withCancelled(() -> cancelled);
    }

    private void cancel() {
        cancelled = true;
        try {
            if (!ended.await(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                terminal.say("the build does not end: what it leaves behind, `cleanup` finds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void progress(Phase now, long done, long total) {
        long nanos = System.nanoTime();
        if (now != phase) {
            phase = now;
            phaseNanos = nanos;
        } else if (nanos - lastNanos < INTERVAL_NANOS) {
            return;
        }
        lastNanos = nanos;
        terminal.show(line(now, done, total, (nanos - phaseNanos) / 1e9));
    }

    /// What is shown after so many seconds of a phase.
    static String line(Phase phase, long done, long total, double seconds) {
        double part = total <= 0 ? 0 : Math.clamp((double) done / total, 0, 1);
        return String.format(Locale.ROOT, "%-8s ", phase.name().toLowerCase(Locale.ROOT))
                + ProgressBar.of(part) + ProgressBar.timeLeft(part, seconds);
    }

    @Override
    public void close() {
        terminal.clear();
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it is running
        }
    }
}
