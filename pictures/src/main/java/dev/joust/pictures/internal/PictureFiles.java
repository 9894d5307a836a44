// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

import dev.joust.embed.image.Thumbnail;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.pictures.PictureName;

/// The bytes beside the table:
///
///     images/{sha256}.{ext}       a picture, written once
///     thumbnails/{sha256}.jpg     a small JPEG of it, made from it at any time
///
/// Thread-safe.
public final class PictureFiles {
    public static final int MAX_PICTURE_BYTES = 64 << 20;
    private static final int MAX_THUMBNAIL_BYTES = 4 << 20;

    private final ObjectStore store;

    public PictureFiles(ObjectStore store) {
        this.store = store;
    }

    /// @return false if they were there already
    public boolean store(PictureName name, byte[] encoded) throws IOException {
        return store.putIfAbsent(name.path(), encoded);
    }

    public void storeIfMissing(PictureName name, byte[] encoded) throws IOException {
        if (!isThere(name.path())) {
            store.putIfAbsent(name.path(), encoded);
        }
    }

    private boolean isThere(ObjectPath path) throws IOException {
        try {
            store.head(path);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    public Optional<byte[]> read(PictureName name) throws IOException {
        return readAll(name.path(), MAX_PICTURE_BYTES);
    }

    public void storeThumbnail(PictureName name, byte[] jpeg) throws IOException {
        store.putDerived(name.thumbnailPath(), jpeg);
    }

    /// Empty as well where a power cut left something else.
    public Optional<byte[]> readThumbnail(PictureName name) throws IOException {
        return readAll(name.thumbnailPath(), MAX_THUMBNAIL_BYTES).filter(Thumbnail::isWhole);
    }

    private Optional<byte[]> readAll(ObjectPath path, int maxBytes) throws IOException {
        try {
            return Optional.of(store.readAll(path, maxBytes));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// Takes a picture and its thumbnail away.
    public void delete(PictureName name) throws IOException {
        store.delete(name.path());
        store.delete(name.thumbnailPath());
    }
}
