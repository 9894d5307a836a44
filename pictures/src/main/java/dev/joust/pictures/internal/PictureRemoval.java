// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.image.PictureException;
import dev.joust.pictures.DeletedPicture;
import dev.joust.pictures.Picture;
import dev.joust.pictures.PictureMetadata;
import dev.joust.pictures.PictureName;
import dev.joust.pictures.PictureUpload;
import dev.joust.pictures.StoredPicture;
import dev.joust.pictures.StoredPicture.Status;
import dev.joust.search.NoSuchTableException;
import dev.joust.search.Table;

/// Takes pictures away and brings them back. Thread-safe.
///
/// What is deleted is copied to the {@link Trash} first, so whatever happens in between, a picture is in the library or
/// can be brought back.
public final class PictureRemoval {
    private final ColumnModels models;
    private final PictureFiles files;
    private final Trash trash;
    private final PictureWriter writer;
    private final PictureAddition addition;

    public PictureRemoval(
            ColumnModels models, PictureFiles files, Trash trash, PictureWriter writer, PictureAddition addition) {
        this.models = models;
        this.files = files;
        this.trash = trash;
        this.writer = writer;
        this.addition = addition;
    }

    /// @return whether there was one
    public boolean delete(PictureName name) throws IOException {
        Optional<PictureWriter.FoundRow> found = writer.row(name.id());
        if (found.isEmpty()) {
            return false;
        }
        Optional<byte[]> bytes = files.read(name);
        trash.keep(name, new DeletedPicture(
                PictureTable.picture(found.get().row()),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                found.get().version()), bytes.orElse(null));
        if (!writer.delete(name.id())) {
            return false;
        }
        takeAway(name, bytes.orElse(null));
        return true;
    }

    /// Brings a picture back: its row out of the version that had it last, or, if that is gone, made again.
    ///
    /// @return empty if it is not kept
    public Optional<StoredPicture> restore(PictureName name) throws IOException {
        Optional<Long> present = writer.find(name.id());
        Optional<byte[]> bytes = trash.read(name);
        if (bytes.isEmpty()) {
            return present.map(version -> addition.stored(name, Status.EXISTS, version));
        }
        if (present.isPresent()) {
            files.storeIfMissing(name, bytes.get());
            return Optional.of(addition.stored(name, Status.EXISTS, present.get()));
        }
        Optional<DeletedPicture> deleted = trash.find(name);
        PictureRow row = row(name, deleted, bytes.get());
        boolean wasStored = files.store(name, bytes.get());
        PictureWriter.Outcome outcome = writer.add(row);
        if (!wasStored) {
            files.storeIfMissing(name, bytes.get());
        }
        return Optional.of(addition.stored(name, outcome));
    }

    private PictureRow row(PictureName name, Optional<DeletedPicture> deleted, byte[] encoded) {
        Optional<PictureRow> kept = deleted.flatMap(picture -> keptRow(name, picture.version()));
        if (kept.isPresent()) {
            return kept.get();
        }
        PictureUpload upload = PictureUpload.of(encoded);
        if (deleted.isPresent()) {
            Picture said = deleted.get().picture();
            upload = upload.withCaption(said.metadata().caption()).withTags(said.metadata().tags());
        }
        ReadPicture read = models.read(upload);
        return addition.row(name, read, models.embed(List.of(read)).getFirst());
    }

    private Optional<PictureRow> keptRow(PictureName name, long version) {
        try {
            return writer.latest().flatMap(table -> keptRow(table, name, version));
        } catch (NoSuchTableException e) {
            return Optional.empty(); // cleaned up
        }
    }

    private static Optional<PictureRow> keptRow(Table table, PictureName name, long version) {
        return PictureTable.row(table.at(version), name.id()).map(row -> keptRow(table, row));
    }

    private static PictureRow keptRow(Table table, Map<String, @Nullable Object> row) {
        Map<String, float[]> vectors = new HashMap<>();
        PictureTable.vectorColumns(table.schema()).forEach(field -> {
            // A column may have come since, or be of other vectors now
            if (row.get(field.name()) instanceof float[] vector && vector.length == PictureTable.vectorLength(field)) {
                vectors.put(field.name(), vector);
            }
        });
        Picture picture = PictureTable.picture(row);
        return new PictureRow(picture.id(), picture.path(), vectors, picture.metadata());
    }

    /// The pictures that are kept and not in the table, latest first.
    public List<DeletedPicture> deleted() throws IOException {
        writer.catchUp();
        List<DeletedPicture> deleted = new ArrayList<>();
        for (PictureName name : trash.names()) {
            if (!writer.knows(name.id())) {
                trash.find(name).ifPresent(deleted::add);
            }
        }
        deleted.sort((one, other) -> other.deletedAt().compareTo(one.deletedAt()));
        return deleted;
    }

    /// Lets pictures go for good that were deleted before; copies of such as have come back since, too.
    ///
    /// @return how many
    public int purge(Instant deletedBefore) throws IOException {
        writer.catchUp();
        int count = 0;
        for (Map.Entry<PictureName, Instant> kept : trash.writtenAt().entrySet()) {
            PictureName name = kept.getKey();
            // What lacks its description was left by a delete or a purge that was stopped
            Instant deletedAt = trash.find(name).map(DeletedPicture::deletedAt).orElse(kept.getValue());
            if (deletedAt.isBefore(deletedBefore)) {
                if (writer.knows(name.id()) && files.read(name).isEmpty()) {
                    bringBackBytes(name); // its row came back by way of the table, and nobody has asked for it yet
                }
                trash.purge(name);
                count++;
            }
        }
        return count;
    }

    /// Puts the bytes of a picture that has no row with the deleted ones.
    void setAside(PictureName name) throws IOException {
        Optional<byte[]> bytes = files.read(name);
        if (bytes.isEmpty()) {
            return;
        }
        DeletedPicture described = trash.find(name).orElseGet(() -> new DeletedPicture(
                new Picture(name.id(), addition.pathOf(name.id()), PictureMetadata.NONE),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                writer.knownVersion()));
        trash.keep(name, described, bytes.get());
        takeAway(name, bytes.get());
    }

    private void takeAway(PictureName name, byte @Nullable [] bytes) throws IOException {
        files.delete(name);
        if (bytes != null && writer.find(name.id()).isPresent()) {
            // Somebody has added it again meanwhile and found the bytes still there
            files.store(name, bytes);
        }
    }

    /// The bytes of a picture, also of one that is deleted and kept.
    public Optional<byte[]> readKept(PictureName name) throws IOException {
        Optional<byte[]> bytes = files.read(name);
        return bytes.isPresent() ? bytes : trash.read(name);
    }

    /// Bytes that are missing of a picture which has a row: they are still kept if it was deleted, and came back by way
    /// of the table.
    public Optional<byte[]> bringBackBytes(PictureName name) throws IOException {
        Optional<byte[]> kept = trash.read(name);
        if (kept.isEmpty() || writer.find(name.id()).isEmpty()) {
            return Optional.empty();
        }
        files.store(name, kept.get());
        return kept;
    }

    /// A thumbnail of a picture that is deleted and kept; not kept itself.
    public Optional<byte[]> thumbnailOfKept(PictureName name) throws IOException {
        Optional<byte[]> kept = trash.read(name);
        try {
            return kept.map(models::thumbnail);
        } catch (PictureException e) {
            return Optional.empty();
        }
    }
}
