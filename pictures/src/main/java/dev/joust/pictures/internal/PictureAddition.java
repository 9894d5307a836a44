// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.joust.io.SharedWork;
import dev.joust.pictures.PictureName;
import dev.joust.pictures.PictureUpload;
import dev.joust.pictures.StoredPicture;
import dev.joust.pictures.StoredPicture.Status;

/// Adds pictures one by one: bytes first, row last. Whatever happens between the two, adding again completes it.
/// Thread-safe.
public final class PictureAddition {
    private final String address;
    private final ColumnModels models;
    private final PictureFiles files;
    private final PictureWriter writer;

    /// @param address what stands before ids in paths
    public PictureAddition(String address, ColumnModels models, PictureFiles files, PictureWriter writer) {
        this.address = address;
        this.models = models;
        this.files = files;
        this.writer = writer;
    }

    /// @throws dev.joust.embed.image.PictureException if the bytes are not taken as a picture; nothing is stored then
    public StoredPicture add(PictureUpload upload) throws IOException {
        checkSize(upload.bytes().length);
        PictureName name = PictureName.of(upload.bytes());
        Optional<Long> version = writer.mayHold(name.id()) ? writer.find(name.id()) : Optional.empty();
        if (version.isPresent()) {
            files.storeIfMissing(name, upload.bytes());
            return stored(name, Status.EXISTS, version.get());
        }
        ReadPicture read = models.read(upload);
        Map<String, float[]> vectors = models.embed(List.of(read)).getFirst();
        boolean wasStored = store(name, upload.bytes(), read.thumbnail());
        PictureWriter.Outcome outcome = writer.add(row(name, read, vectors));
        if (!wasStored) {
            // They were there; a delete that was still under way may have taken them since
            files.storeIfMissing(name, upload.bytes());
        }
        return stored(name, outcome);
    }

    /// Both at the same time: a store far away takes as long for two as for one.
    ///
    /// @return false if the bytes were there already
    private boolean store(PictureName name, byte[] encoded, byte[] thumbnail) throws IOException {
        AtomicBoolean stored = new AtomicBoolean();
        SharedWork.forEach(Thread::startVirtualThread, 2, 2, item -> {
            if (item == 0) {
                stored.set(files.store(name, encoded));
            } else {
                files.storeThumbnail(name, thumbnail);
            }
        });
        return stored.get();
    }

    /// @throws IllegalArgumentException for a picture larger than any that is taken
    public static void checkSize(long sizeBytes) {
        if (sizeBytes > PictureFiles.MAX_PICTURE_BYTES) {
            throw new IllegalArgumentException("a picture of " + sizeBytes + " bytes; at most "
                    + PictureFiles.MAX_PICTURE_BYTES + " are allowed");
        }
    }

    PictureRow row(PictureName name, ReadPicture read, Map<String, float[]> vectors) {
        return new PictureRow(name.id(), pathOf(name.id()), vectors, read.metadata());
    }

    StoredPicture stored(PictureName name, PictureWriter.Outcome outcome) {
        return stored(name, outcome.added() ? Status.STORED : Status.EXISTS, outcome.version());
    }

    StoredPicture stored(PictureName name, Status status, long version) {
        return new StoredPicture(name.id(), pathOf(name.id()), status, version);
    }

    String pathOf(String id) {
        return address + "/" + id;
    }
}
