// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.CorruptFileException;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DeletionFile;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// Reads and writes the files that list a fragment's deleted rows (spec: table format 5). Files never change, so what
/// was read stays in the cache. Thread-safe.
public final class DeletionFiles {
    /// From this many rows on a bitmap is written.
    private static final int BITMAP_ROW_COUNT = 5000;
    /// Four bytes for each of 2^28 rows.
    private static final int MAX_FILE_BYTES = 1 << 30;
    private static final long MAX_ROWS = 1L << 32;
    /// Writers list a few thousand rows at most, and make bitmaps of more.
    private static final long MAX_LISTED_ROWS = 1 << 24;

    private DeletionFiles() {}

    /// The deleted rows of the fragment.
    ///
    /// @param store  of the base that the deletion file lies in
    /// @param folder that holds it
    static DeletionVector read(Session session, ObjectStore store, ObjectPath folder, Fragment fragment)
            throws IOException {
        DeletionFile file = fragment.deletionFile();
        if (file == null) {
            return DeletionVector.EMPTY;
        }
        ObjectPath path = folder.resolve(file.fileName(fragment.id()));
        DeletionVector vector = session.metadataCache().get(
                store,
                path,
                DeletionVector.class,
                DeletionVector::sizeBytes,
                () -> parse(path, session.readOnceWritten(store, path, MAX_FILE_BYTES), file, fragment.physicalRowCount()));
        if (fragment.physicalRowCount() > 0 && vector.last() >= fragment.physicalRowCount()) {
            throw new CorruptFileException(path, 0, "deletion file", "row " + vector.last() + " of a fragment of "
                    + fragment.physicalRowCount() + " rows");
        }
        return vector;
    }

    /// A file of which nothing is known but its name.
    public static DeletionVector parseUnknown(ObjectPath path, byte[] bytes, DeletionFile file) {
        return parse(path, bytes, file, file.encoding() == DeletionFile.Encoding.ARROW ? MAX_LISTED_ROWS : MAX_ROWS);
    }

    static DeletionVector parse(ObjectPath path, byte[] bytes, DeletionFile file) {
        return parse(path, bytes, file, 0);
    }

    /// @param maxRowCount rows at most, where the manifest does not say how many there are
    private static DeletionVector parse(ObjectPath path, byte[] bytes, DeletionFile file, long maxRowCount) {
        RoaringBitmap offsets =
                switch (file.encoding()) {
                    case ARROW -> ArrowDeletionFile.parse(path, bytes, file.deletedRowCount(), maxRowCount);
                    case BITMAP -> parseBitmap(path, bytes, file.deletedRowCount(), maxRowCount);
                };
        checkRowCount(path, offsets, file.deletedRowCount(), maxRowCount);
        return DeletionVector.of(offsets);
    }

    private static void checkRowCount(ObjectPath path, RoaringBitmap offsets, long rowCount, long maxRowCount) {
        long found = offsets.getLongCardinality();
        if (rowCount == 0 ? found > maxRowCount : found != rowCount) {
            throw new CorruptFileException(path, 0, "deletion file", found + " rows, the manifest says "
                    + (rowCount == 0 ? "at most " + maxRowCount : String.valueOf(rowCount)));
        }
    }

    /// Writes the rows under a new name.
    ///
    /// @param readVersion for the name only
    public static DeletionFile write(
            ObjectStore store, long fragmentId, long readVersion, DeletionVector vector) throws IOException {
        DeletionFile.Encoding encoding = vector.deletedRowCount() < BITMAP_ROW_COUNT
                ? DeletionFile.Encoding.ARROW
                : DeletionFile.Encoding.BITMAP;
        DeletionFile file = new DeletionFile(
                encoding,
                readVersion,
                ThreadLocalRandom.current().nextLong(),
                vector.deletedRowCount(),
                null,
                Bytes.EMPTY);
        store.put(TablePaths.DELETIONS.resolve(file.fileName(fragmentId)), toBytes(vector, encoding));
        return file;
    }

    static byte[] toBytes(DeletionVector vector, DeletionFile.Encoding encoding) throws IOException {
        RoaringBitmap offsets = vector.toBitmap();
        return switch (encoding) {
            case ARROW -> ArrowDeletionFile.toBytes(offsets);
            case BITMAP -> {
                var bytes = new ByteArrayOutputStream();
                offsets.serialize(new DataOutputStream(bytes));
                yield bytes.toByteArray();
            }
        };
    }

    private static RoaringBitmap parseBitmap(ObjectPath path, byte[] bytes, long rowCount, long maxRowCount) {
        RoaringBitmap offsets = new RoaringBitmap();
        try {
            offsets.deserialize(ByteBuffer.wrap(bytes));
            // First, so that a few bytes that stand for billions of rows are not gone through one by one.
            checkRowCount(path, offsets, rowCount, maxRowCount);
            checkAscending(path, offsets);
        } catch (IOException | RuntimeException e) {
            if (e instanceof CorruptFileException corrupt) {
                throw corrupt;
            }
            throw new CorruptFileException(
                    String.format(Locale.ROOT, "%s @ 0: deletion file: is no Roaring bitmap: %s", path, e.getMessage()),
                    e);
        }
        return offsets;
    }

    /// A damaged bitmap may hold containers whose values are not in order, and answers wrongly then.
    private static void checkAscending(ObjectPath path, RoaringBitmap offsets) {
        long last = -1;
        long count = 0;
        for (IntIterator iterator = offsets.getIntIterator(); iterator.hasNext(); ) {
            long offset = Integer.toUnsignedLong(iterator.next());
            if (offset <= last) {
                throw new CorruptFileException(
                        path, 0, "deletion file", "row " + offset + " comes after row " + last);
            }
            last = offset;
            count++;
        }
        if (count != offsets.getLongCardinality()) {
            throw new CorruptFileException(path, 0, "deletion file", count + " rows, its containers say "
                    + offsets.getLongCardinality());
        }
    }
}
