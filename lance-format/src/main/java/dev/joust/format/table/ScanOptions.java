// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/// What to read of a table. Immutable; each `with` answers a changed copy.
///
/// @param columns       columns in the order wanted, {@link #ROW_COLUMNS} among them; null means all of the table's own. A
///     field of a struct by its path, `a.b`, is a column of that name
/// @param predicate     rows wanted; null means all. It may look at {@link #ROW_COLUMNS}, too
/// @param offset        rows that pass and are left out first
/// @param limit         rows at most, -1 for all
/// @param batchRowCount rows of a batch at most
/// @param batchBytes    bytes of a batch, about, at most; 0 for a share of the session's batch memory. A row is never
///                      cut, and what compresses well comes out larger
/// @param withRowId     adds {@link #ROW_ID} after the columns, or moves it there
/// @param withRowAddress adds {@link #ROW_ADDRESS} last, or moves it there
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
    /// Name of the column of row numbers: a row's place among those of the table that are not deleted, from 0.
    public static final String ROW_OFFSET = "_rowoffset";
    /// Name of the column of the versions that rows were added in; 1 where the table does not keep them.
    public static final String CREATED_AT_VERSION = "_row_created_at_version";
    /// Name of the column of the versions that rows were last changed in; 1 where the table does not keep them.
    public static final String LAST_UPDATED_AT_VERSION = "_row_last_updated_at_version";
    /// Names of all columns that no file holds, which every table has; none of its own is called so.
    public static final List<String> ROW_COLUMNS =
            List.of(ROW_ID, ROW_ADDRESS, ROW_OFFSET, CREATED_AT_VERSION, LAST_UPDATED_AT_VERSION);

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
        return changed(builder -> builder.columns = newColumns);
    }

    public ScanOptions withColumns(String... newColumns) {
        return withColumns(List.of(newColumns));
    }

    public ScanOptions withPredicate(@Nullable RowPredicate newPredicate) {
        return changed(builder -> builder.predicate = newPredicate);
    }

    public ScanOptions withOffset(long newOffset) {
        return changed(builder -> builder.offset = newOffset);
    }

    public ScanOptions withLimit(long newLimit) {
        return changed(builder -> builder.limit = newLimit);
    }

    public ScanOptions withBatchRowCount(int newBatchRowCount) {
        return changed(builder -> builder.batchRowCount = newBatchRowCount);
    }

    public ScanOptions withBatchBytes(long newBatchBytes) {
        return changed(builder -> builder.batchBytes = newBatchBytes);
    }

    public ScanOptions withRowIds() {
        return changed(builder -> builder.withRowId = true);
    }

    public ScanOptions withRowAddresses() {
        return changed(builder -> builder.withRowAddress = true);
    }

    /// Reads these fragments alone; ids of fragments that the table does not have are passed over.
    public ScanOptions withFragments(Collection<Long> newFragmentIds) {
        return changed(builder -> builder.fragmentIds = Set.copyOf(newFragmentIds));
    }

    public ScanOptions withBlobs(BlobHandling newBlobs) {
        return changed(builder -> builder.blobs = newBlobs);
    }

    /// Whichever fragment has rows first hands them out first; a fragment's own stay in order. With a predicate, `offset`
    /// and `limit` then count rows in the order they come.
    public ScanOptions unordered() {
        return changed(builder -> builder.ordered = false);
    }

    private ScanOptions changed(Consumer<Builder> change) {
        Builder builder = new Builder(this);
        change.accept(builder);
        return builder.build();
    }

    /// The components, one of which is about to change.
    private static final class Builder {
        @Nullable List<String> columns;
        @Nullable RowPredicate predicate;
        long offset;
        long limit;
        int batchRowCount;
        long batchBytes;
        boolean withRowId;
        boolean withRowAddress;
        @Nullable Set<Long> fragmentIds;
        BlobHandling blobs;
        boolean ordered;

        Builder(ScanOptions from) {
            columns = from.columns;
            predicate = from.predicate;
            offset = from.offset;
            limit = from.limit;
            batchRowCount = from.batchRowCount;
            batchBytes = from.batchBytes;
            withRowId = from.withRowId;
            withRowAddress = from.withRowAddress;
            fragmentIds = from.fragmentIds;
            blobs = from.blobs;
            ordered = from.ordered;
        }

        ScanOptions build() {
            return new ScanOptions(
                    columns, predicate, offset, limit, batchRowCount, batchBytes, withRowId, withRowAddress, fragmentIds, blobs, ordered);
        }
    }
}
