// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.cleanup;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.table.TableContext;
import dev.joust.format.refs.Refs;
import dev.joust.format.table.CleanupPolicy;
import dev.joust.format.table.Manifest;

/// The cleanup that a table's config asks for, after every so many commits (spec: table format 3.8). What goes wrong is
/// logged: the commit it comes after has happened.
public final class AutoCleanup {
    private static final Logger LOG = System.getLogger(AutoCleanup.class.getName());
    private static final String PREFIX = "lance.auto_cleanup.";
    private static final String INTERVAL = PREFIX + "interval";

    private AutoCleanup() {}

    /// Whether a cleanup is due after this version.
    public static boolean isDue(Manifest committed) {
        String interval = committed.config().get(INTERVAL);
        if (interval == null) {
            return false;
        }
        try {
            long every = Long.parseUnsignedLong(interval);
            return every == 0 || Long.remainderUnsigned(committed.version(), every) == 0;
        } catch (NumberFormatException e) {
            LOG.log(Level.WARNING, "config {0} is ''{1}'', no number: nothing is cleaned up", INTERVAL, interval);
            return false;
        }
    }

    /// @param committed a version after which a cleanup is due
    public static void run(TableContext table, Manifest committed) {
        try {
            Refs refs = new Refs(table.session(), table.root(committed));
            CleanupPolicy policy = policy(committed.config());
            new FileRemoval(table, policy)
                    .remove(new CleanupPlanner(table, refs, committed, policy, Instant.now()).plan());
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "cleanup after version " + committed.version() + " failed", e);
        }
    }

    /// @throws IllegalArgumentException naming the key whose value makes no sense
    static CleanupPolicy policy(Map<String, String> config) {
        CleanupPolicy policy = CleanupPolicy.DEFAULT
                .withOlderThan(value(config, "older_than", DurationText::parse))
                .withRetainVersions(value(config, "retain_versions", Integer::valueOf))
                .withDeletesPerSecond(value(config, "delete_rate_limit", Integer::valueOf))
                .withErrorIfTagged(false);
        Integer atOnce = value(config, "delete_concurrency", Integer::valueOf);
        return atOnce == null ? policy : policy.withDeletesAtOnce(atOnce);
    }

    private static <T> @Nullable T value(
            Map<String, String> config, String key, java.util.function.Function<String, T> parse) {
        String text = config.get(PREFIX + key);
        if (text == null) {
            return null;
        }
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("config " + PREFIX + key + " is '" + text + "'", e);
        }
    }
}
