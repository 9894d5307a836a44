// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.WriteOptions;
import dev.joust.io.Session;
import dev.joust.search.expr.Dialect;

/// How a database is opened. Immutable; each `with` answers a changed copy.
///
/// @param storage        options of the store, such as `durability`
/// @param session        shared executors, budgets and caches, the caller's to close; null makes one for the database
/// @param cacheFolder    of the session that is made: where what is read of remote stores is kept for later sessions; null
///                       for none. A given session has its own ({@link Session.Builder#cacheFolder})
/// @param readConsistency what reads see of other writers
/// @param dialect        of filters
/// @param writeOptions   for tables that are created and written to
/// @param maintenance     what is done in the background for tables that are written to
public record ConnectOptions(
        Map<String, String> storage,
        @Nullable Session session,
        @Nullable Path cacheFolder,
        ReadConsistency readConsistency,
        Dialect dialect,
        WriteOptions writeOptions,
        Maintenance maintenance) {
    /// What reads of a handle see. Its own writes it sees at once, always.
    ///
    /// @param maxAge how long ago it may have been asked for newer versions; null for any time
    public record ReadConsistency(@Nullable Duration maxAge) {
        /// Others' writes after {@link Table#refresh}. Reads ask for no newer version: they cost nothing extra.
        public static final ReadConsistency ON_REFRESH = new ReadConsistency(null);
        /// Others' writes at the next read, which costs one listing.
        public static final ReadConsistency ALWAYS = new ReadConsistency(Duration.ZERO);

        public ReadConsistency {
            if (maxAge != null && maxAge.isNegative()) {
                throw new IllegalArgumentException("reads at most " + maxAge + " old");
            }
        }

        /// Others' writes that are at least so old; a read costs one listing if the last one is longer ago.
        public static ReadConsistency within(Duration maxAge) {
            return new ReadConsistency(maxAge);
        }

        /// Whether to ask now.
        boolean isDue(long nanosSinceLastAsked) {
            return maxAge != null && nanosSinceLastAsked >= maxAge.toNanos();
        }
    }

    public static final ConnectOptions DEFAULT =
            new ConnectOptions(Map.of(), null, null, ReadConsistency.ON_REFRESH, Dialect.LANCE, WriteOptions.DEFAULT, Maintenance.DEFAULT);

    public ConnectOptions {
        storage = Map.copyOf(storage);
    }

    public ConnectOptions withStorage(Map<String, String> newStorage) {
        return new ConnectOptions(newStorage, session, cacheFolder, readConsistency, dialect, writeOptions, maintenance);
    }

    public ConnectOptions withSession(Session newSession) {
        return new ConnectOptions(storage, newSession, cacheFolder, readConsistency, dialect, writeOptions, maintenance);
    }

    public ConnectOptions withCacheFolder(Path newCacheFolder) {
        return new ConnectOptions(storage, session, newCacheFolder, readConsistency, dialect, writeOptions, maintenance);
    }

    public ConnectOptions withReadConsistency(ReadConsistency newReadConsistency) {
        return new ConnectOptions(storage, session, cacheFolder, newReadConsistency, dialect, writeOptions, maintenance);
    }

    public ConnectOptions withDialect(Dialect newDialect) {
        return new ConnectOptions(storage, session, cacheFolder, readConsistency, newDialect, writeOptions, maintenance);
    }

    public ConnectOptions withWriteOptions(WriteOptions newWriteOptions) {
        return new ConnectOptions(storage, session, cacheFolder, readConsistency, dialect, newWriteOptions, maintenance);
    }

    public ConnectOptions withMaintenance(Maintenance newMaintenance) {
        return new ConnectOptions(storage, session, cacheFolder, readConsistency, dialect, writeOptions, newMaintenance);
    }
}
