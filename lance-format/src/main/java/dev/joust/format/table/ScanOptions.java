// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.Collection;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/// What to read of a table. Immutable; each `with` answers a changed copy.
///
/// @param columns       columns in the order wanted; null means all. A field of a struct by its path, `a.b`, is a column
///     of that name
/// @param predicate     rows wanted; null means all
/// @param offset        rows that pass and are left out first
/// @param limit         rows at most, -1 for all
/// @param batchRowCount rows of a batch at most
/// @param batchBytes    bytes of a batch, about, at most; 0 for a share of the session's batch memory. A row is never
///                      cut, and what compresses well comes out larger
/// @param withRowId     adds {@link #ROW_ID} after the columns
/// @param withRowAddress adds {@link #ROW_ADDRESS} last
/// @param fragmentIds   fragments to read, in the order of the table; null means all
/// @param blobs         what blob columns come as
/// @param ordered       whether batches come in the order of fragments; if not, as they are ready
public record ScanOptions(
        @Nullable List<String> columns,
        @Nullable RowPredicate predicate,
        long offset,
        long limit,
        int batchRowCount,
        long batchBytes,
        boolean withRowId,
        boolean withRowAddress,
        @Nullable Set<Long> fragmentIds,
        BlobHandling blobs,
        boolean ordered) {
    /// Column (`uint64`) of the id that a row keeps where the table has stable row ids, else its address.
    public static final String ROW_ID = "_rowid";
    /// Column (`uint64`) of {@link RowAddress}es.
    public static final String ROW_ADDRESS = "_rowaddr";

    public static final int DEFAULT_BATCH_ROW_COUNT = 8192;

    /// Every row and column.
    public static final ScanOptions ALL = new ScanOptions(null, null, 0, -1, DEFAULT_BATCH_ROW_COUNT, 0, false, false, null, BlobHandling.DESCRIPTORS, true);

    public ScanOptions {
        columns = columns == null ? null : List.copyOf(columns);
        fragmentIds = fragmentIds == null ? null : Set.copyOf(fragmentIds);
        if (offset < 0 || limit < -1 || batchRowCount < 1 || batchBytes < 0) {
            throw new IllegalArgumentException(
                    "offset " + offset + ", limit " + limit + ", batches of " + batchRowCount + " rows, " + batchBytes + " bytes");
        }
    }

    public ScanOptions withColumns(@Nullable List<String> newColumns) {
        return new ScanOptions(
                newColumns, predicate, offset, limit, batchRowCount, batchBytes, withRowId, withRowAddress, fragmentIds, blobs, ordered);
    }

    public ScanOptions withColumns(String... newColumns) {
        return withColumns(List.of(newColumns));
    }

    public ScanOptions withPredicate(@Nullable RowPredicate newPredicate) {
        return new ScanOptions(
                columns, newPredicate, offset, limit, batchRowCount, batchBytes, withRowId, withRowAddress, fragmentIds, blobs, ordered);
    }

    public ScanOptions withOffset(long newOffset) {
        return new ScanOptions(
                columns, predicate, newOffset, limit, batchRowCount, batchBytes, withRowId, withRowAddress, fragmentIds, blobs, ordered);
    }

    public ScanOptions withLimit(long newLimit) {
        return new ScanOptions(
                columns, predicate, offset, newLimit, batchRowCount, batchBytes, withRowId, withRowAddress, fragmentIds, blobs, ordered);
    }

    public ScanOptions withBatchRowCount(int newBatchRowCount) {
        return new ScanOptions(
                columns, predicate, offset, limit, newBatchRowCount, batchBytes, withRowId, withRowAddress, fragmentIds, blobs, ordered);
    }

    public ScanOptions withBatchBytes(long newBatchBytes) {
        return new ScanOptions(
                columns, predicate, offset, limit, batchRowCount, newBatchBytes, withRowId, withRowAddress, fragmentIds, blobs, ordered);
    }

    public ScanOptions withRowIds() {
        return new ScanOptions(
                columns, predicate, offset, limit, batchRowCount, batchBytes, true, withRowAddress, fragmentIds, blobs, ordered);
    }

    public ScanOptions withRowAddresses() {
        return new ScanOptions(columns, predicate, offset, limit, batchRowCount, batchBytes, withRowId, true, fragmentIds, blobs, ordered);
    }

    /// Reads these fragments alone; ids of fragments that the table does not have are passed over.
    public ScanOptions withFragments(Collection<Long> newFragmentIds) {
        return new ScanOptions(
                columns,
                predicate,
                offset,
                limit,
                batchRowCount,
                batchBytes,
                withRowId,
                withRowAddress,
                Set.copyOf(newFragmentIds),
                blobs,
                ordered);
    }

    public ScanOptions withBlobs(BlobHandling newBlobs) {
        return new ScanOptions(
                columns,
                predicate,
                offset,
                limit,
                batchRowCount,
                batchBytes,
                withRowId,
                withRowAddress,
                fragmentIds,
                newBlobs,
                ordered);
    }

    /// Whichever fragment has rows first hands them out first; a fragment's own stay in order. With a predicate, `offset`
    /// and `limit` then count rows in the order they come.
    public ScanOptions unordered() {
        return new ScanOptions(
                columns,
                predicate,
                offset,
                limit,
                batchRowCount,
                batchBytes,
                withRowId,
                withRowAddress,
                fragmentIds,
                blobs,
                false);
    }
}
