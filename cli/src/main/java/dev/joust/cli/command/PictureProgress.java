// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import dev.joust.pictures.BulkListener;
import dev.joust.pictures.BulkOutcome;
import dev.joust.pictures.BulkProgress;
import dev.joust.pictures.StoredPicture;

/// Shows on a terminal how many pictures are added and how fast, and says which are refused and why. Where not all are
/// gone through, also because the process is told to end, it says how many were stored by then.
final class PictureProgress implements BulkListener, AutoCloseable {
    private final Context context;
    private final TerminalLine terminal;
    private final Thread hook = new Thread(this::endedEarly, "joust-told-to-end");
    private final AtomicLong storedCount = new AtomicLong();
    private volatile boolean complete;

    PictureProgress(Context context) {
        this.context = context;
        terminal = new TerminalLine(context);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void done(BulkOutcome outcome) {
        StoredPicture picture = outcome.picture();
        if (picture != null && picture.status() == StoredPicture.Status.STORED) {
            storedCount.incrementAndGet();
        }
        if (picture == null) {
            terminal.clear();
            context.err().println(printable(outcome.name()) + ": " + Objects.requireNonNull(outcome.reason()));
        }
    }

    /// Names in archives may hold anything.
    private static String printable(String name) {
        return name.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public void progress(BulkProgress progress) {
        if (terminal.isShown()) {
            terminal.show(line(progress));
        }
    }

    /// What is shown.
    static String line(BulkProgress progress) {
        long ready = progress.doneCount() + progress.waitingCount();
        String speed = String.format(Locale.ROOT, "%,d pictures  %,.0f pictures/s", ready, progress.picturesPerSecond());
        if (progress.totalCount() <= 0) {
            return speed;
        }
        double part = Math.clamp((double) ready / progress.totalCount(), 0, 1);
        return ProgressBar.of(part) + "  " + speed + ProgressBar.timeLeft(part, progress.seconds());
    }

    /// All are gone through; what is left to do comes next.
    void indexing() {
        complete = true;
        terminal.show("bringing the table in order");
    }

    private void endedEarly() {
        if (!complete && storedCount.get() > 0) {
            terminal.clear();
            context.err().println("ended early, " + storedCount + " stored; the same command goes on from there");
        }
    }

    @Override
    public void close() {
        terminal.clear();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // it is running
        }
        endedEarly();
    }
}
