// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import org.jspecify.annotations.Nullable;

import dev.joust.search.expr.Dialect;

/// What a merge does with which rows (spec: table format 6.2).
///
/// @param matchedCondition     over `source` and `target`, which rows of the source are meant; null for all
/// @param notBySourceCondition over the table's columns, which of its rows are meant; null for all
public record MergeClauses(
        Matched matched,
        @Nullable String matchedCondition,
        boolean insert,
        boolean deleteNotBySource,
        @Nullable String notBySourceCondition,
        Duplicates duplicates,
        Dialect dialect) {
    /// What becomes of rows of the table whose key the source has.
    public enum Matched {
        IGNORE,
        UPDATE,
        FAIL,
        DELETE
    }

    /// What becomes of rows of the source that have one key.
    public enum Duplicates {
        /// All are inserted; two that match one row of the table are refused.
        AS_THEY_COME,
        /// Those after the first are left out.
        FIRST_SEEN,
        REFUSED
    }

    /// Nothing is done with any row, until it is said.
    public static MergeClauses nothing(Dialect dialect) {
        return new MergeClauses(Matched.IGNORE, null, false, false, null, Duplicates.AS_THEY_COME, dialect);
    }

    public MergeClauses withMatched(Matched newMatched, @Nullable String condition) {
        return new MergeClauses(
                newMatched, condition, insert, deleteNotBySource, notBySourceCondition, duplicates, dialect);
    }

    public MergeClauses withInsert() {
        return new MergeClauses(
                matched, matchedCondition, true, deleteNotBySource, notBySourceCondition, duplicates, dialect);
    }

    public MergeClauses withDeleteNotBySource(@Nullable String condition) {
        return new MergeClauses(matched, matchedCondition, insert, true, condition, duplicates, dialect);
    }

    public MergeClauses withDuplicates(Duplicates newDuplicates) {
        return new MergeClauses(
                matched, matchedCondition, insert, deleteNotBySource, notBySourceCondition, newDuplicates, dialect);
    }

    boolean changesNothing() {
        return matched == Matched.IGNORE && !insert && !deleteNotBySource;
    }

    /// Whether it matters which row of the source matches which of the table.
    boolean needsPairs() {
        return matched == Matched.UPDATE || matched == Matched.DELETE;
    }
}
