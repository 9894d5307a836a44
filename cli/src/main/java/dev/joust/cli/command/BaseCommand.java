// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;

import picocli.CommandLine.Mixin;

/// What all commands share: options, the resources of one run, timing and request counts. Used for one run.
abstract class BaseCommand implements Callable<Integer> {
    @Mixin
    final CommonOptions common = new CommonOptions();

    final Context context;

    BaseCommand(Context context) {
        this.context = context;
    }

    /// Does the work.
    ///
    /// @return the exit code
    abstract int run(Resources resources) throws IOException;

    @Override
    public final Integer call() throws IOException {
        long startNanos = System.nanoTime();
        try (Resources resources = new Resources(common.allStorageOptions(), common.cacheFolder())) {
            try {
                return run(resources);
            } finally {
                context.out().flush();
                if (common.ioStats) {
                    context.err().println(resources.statsLine());
                }
                if (common.timing) {
                    context.err().printf(Locale.ROOT, "%.3f s%n", (System.nanoTime() - startNanos) / 1e9);
                }
            }
        }
    }
}
