// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.PrintStream;
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
    private static final int BAR_CHARS = 30;
    private static final long LONGEST_END_SECONDS = 20;

    private final @Nullable PrintStream terminal;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::cancel, "joust-cancel");
    private volatile boolean cancelled;
    private @Nullable Phase phase;
    private long phaseNanos;
    private long lastNanos;
    private int lineChars;

    IndexProgress(Context context) {
        terminal = context.showsProgress() ? context.err() : null;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// How the build is told about this.
    IndexBuildOptions options() {
        return IndexBuildOptions.DEFAULT.withListener(this).withCancelled(() -> cancelled);
    }

    private void cancel() {
        cancelled = true;
        try {
            if (!ended.await(LONGEST_END_SECONDS, TimeUnit.SECONDS) && terminal != null) {
                terminal.println("the build does not end: what it leaves behind, `cleanup` finds");
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
        show(line(now, done, total, (nanos - phaseNanos) / 1e9));
    }

    /// What is shown after so many seconds of a phase.
    static String line(Phase phase, long done, long total, double seconds) {
        double part = total <= 0 ? 0 : Math.clamp((double) done / total, 0, 1);
        int full = (int) Math.round(part * BAR_CHARS);
        long left = part > 0 && part < 1 && seconds > 1 ? Math.round(seconds / part - seconds) : -1;
        return String.format(
                Locale.ROOT,
                "%-8s [%s%s] %3.0f %%%s",
                phase.name().toLowerCase(Locale.ROOT),
                "#".repeat(full),
                " ".repeat(BAR_CHARS - full),
                100 * part,
                left < 0 ? "" : String.format(Locale.ROOT, "  %d:%02d left", left / 60, left % 60));
    }

    private void show(String line) {
        if (terminal != null) {
            terminal.print("\r" + line + " ".repeat(Math.max(0, lineChars - line.length())));
            terminal.flush();
            lineChars = line.length();
        }
    }

    @Override
    public void close() {
        if (lineChars > 0) {
            show("");
            show("");
            lineChars = 0;
            if (terminal != null) {
                terminal.print("\r");
                terminal.flush();
            }
        }
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it is running
        }
    }
}
