// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.blob;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.table.BlobFile;
import dev.joust.io.ByteRange;
import dev.joust.io.FileScheduler;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// Finds the bytes of the blobs of one data file: in it, in the folder of its name beside it, or elsewhere
/// (spec: table format 1.6). Immutable, thread-safe.
///
/// @param dataFile      path of the data file in `store`
/// @param dataFileReads of that file, where it is open
public record BlobFiles(
        Session session, ObjectStore store, ObjectPath dataFile, @Nullable FileScheduler dataFileReads) {
    private static final String DATA_SUFFIX = ".lance";

    /// One file that holds blobs.
    record Place(ObjectStore store, ObjectPath path) {}

    Place placeOf(BlobDescriptor blob) throws IOException {
        return switch (blob.kind()) {
            case INLINE -> new Place(store, dataFile);
            case PACKED, DEDICATED -> new Place(store, sidecar(dataFile, blob.blobId()));
            case EXTERNAL -> ExternalFiles.of(session).locate(blob.uri());
        };
    }

    /// `folder/name.lance` has its sidecars in `folder/name/`: a blob's number, its bits in reverse.
    static ObjectPath sidecar(ObjectPath dataFile, int blobId) {
        String path = dataFile.value();
        String stem = path.endsWith(DATA_SUFFIX) ? path.substring(0, path.length() - DATA_SUFFIX.length()) : path;
        String bits = Integer.toBinaryString(Integer.reverse(blobId));
        return ObjectPath.of(stem).resolve("0".repeat(32 - bits.length()) + bits + ".blob");
    }

    /// The blob at a row of descriptors, not yet read; null if there is none.
    public @Nullable BlobFile blob(ColumnBuffers descriptors, int row) throws IOException {
        BlobDescriptor blob = BlobDescriptor.at(descriptors, row);
        if (blob == null) {
            return null;
        }
        if (blob.position() < 0 || blob.size() < 0 || blob.position() + blob.size() < 0) {
            throw new CorruptFileException(dataFile + ": a blob of " + Long.toUnsignedString(blob.size())
                    + " bytes at " + Long.toUnsignedString(blob.position()));
        }
        return new StoredBlob(placeOf(blob), blob.position(), blob.isWholeFile() ? -1 : blob.size());
    }

    FileScheduler open(Place place) throws IOException {
        return dataFileReads != null && place.equals(new Place(store, dataFile))
                ? dataFileReads
                : session.openFile(place.store(), place.path(), -1);
    }

    /// The blob's bytes in its file.
    ///
    /// @throws CorruptFileException if the file is too short for it
    ByteRange rangeOf(BlobDescriptor blob, FileScheduler file) {
        long size = blob.isWholeFile() ? file.sizeBytes() : blob.size();
        if (size == 0) {
            return ByteRange.between(0, 0); // an empty blob's position means nothing
        }
        if (blob.position() < 0 || size < 0 || size > file.sizeBytes() - blob.position()) {
            throw new CorruptFileException(dataFile + ": a blob of " + Long.toUnsignedString(size) + " bytes at "
                    + Long.toUnsignedString(blob.position()) + " of " + file.path() + ", which has "
                    + file.sizeBytes() + " bytes");
        }
        return ByteRange.between(blob.position(), blob.position() + size);
    }
}
