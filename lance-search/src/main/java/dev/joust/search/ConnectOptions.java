// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.WriteOptions;
import dev.joust.io.Session;
import dev.joust.search.expr.Dialect;

/// How a database is opened. Immutable; each `with` answers a changed copy.
///
/// @param storage        options of the store, such as `durability`
/// @param session        shared executors, budgets and caches, the caller's to close; null makes one for the database
/// @param readConsistency what reads see of other writers
/// @param dialect        of filters
/// @param writeOptions   for tables that are created and written to
public record ConnectOptions(
        Map<String, String> storage,
        @Nullable Session session,
        ReadConsistency readConsistency,
        Dialect dialect,
        WriteOptions writeOptions) {
    /// What reads of a handle see. Its own writes it sees at once, always.
    public enum ReadConsistency {
        /// Others' writes after {@link Table#refresh}. Reads ask for no newer version: they cost nothing extra.
        ON_REFRESH,
        /// Others' writes at the next read, which costs one listing.
        ALWAYS
    }

    public static final ConnectOptions DEFAULT =
            new ConnectOptions(Map.of(), null, ReadConsistency.ON_REFRESH, Dialect.LANCE, WriteOptions.DEFAULT);

    public ConnectOptions {
        storage = Map.copyOf(storage);
    }

    public ConnectOptions withStorage(Map<String, String> newStorage) {
        return new ConnectOptions(newStorage, session, readConsistency, dialect, writeOptions);
    }

    public ConnectOptions withSession(Session newSession) {
        return new ConnectOptions(storage, newSession, readConsistency, dialect, writeOptions);
    }

    public ConnectOptions withReadConsistency(ReadConsistency newReadConsistency) {
        return new ConnectOptions(storage, session, newReadConsistency, dialect, writeOptions);
    }

    public ConnectOptions withDialect(Dialect newDialect) {
        return new ConnectOptions(storage, session, readConsistency, newDialect, writeOptions);
    }

    public ConnectOptions withWriteOptions(WriteOptions newWriteOptions) {
        return new ConnectOptions(storage, session, readConsistency, dialect, newWriteOptions);
    }
}
