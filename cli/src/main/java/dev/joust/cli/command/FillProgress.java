// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.Locale;

import dev.joust.pictures.FillListener;

/// Shows on a terminal how many rows are filled, and how fast.
final class FillProgress implements FillListener {
    private static final long INTERVAL_NANOS = 200_000_000L;

    private final TerminalLine terminal;
    private final String what;
    private long shownNanos = System.nanoTime();

    /// @param what is filled, in the plural
    FillProgress(Context context, String what) {
        terminal = new TerminalLine(context);
        this.what = what;
    }

    @Override
    public void progress(long done, long total, double seconds) {
        long now = System.nanoTime();
        if (terminal.isShown() && now - shownNanos >= INTERVAL_NANOS) {
            shownNanos = now;
            terminal.show(String.format(
                    Locale.ROOT, "%,d of %,d %s  %,.0f %s/s", done, total, what, seconds > 0 ? done / seconds : 0, what));
        }
    }

    void clear() {
        terminal.clear();
    }
}
