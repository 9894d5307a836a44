// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;

import dev.joust.embed.image.DecodedPicture;
import dev.joust.embed.image.PictureDecoder;
import dev.joust.embed.image.PictureException;
import dev.joust.io.Failures;
import dev.joust.pictures.PictureName;

/// Decodes pictures that are in the library, several at once.
final class StoredPictures {
    private StoredPictures() {}

    /// @return in the order of the rows; empty where the bytes are gone or are no picture any more
    static <T> List<Optional<T>> read(
            List<Filling.Row> rows,
            ExecutorService readers,
            PictureFiles files,
            PictureDecoder decoder,
            Function<DecodedPicture, T> use)
            throws IOException {
        List<Future<Optional<T>>> pending = new ArrayList<>(rows.size());
        for (Filling.Row row : rows) {
            pending.add(readers.submit(() -> read(row.id(), files, decoder, use)));
        }
        List<Optional<T>> pictures = new ArrayList<>(rows.size());
        for (Future<Optional<T>> picture : pending) {
            pictures.add(result(picture));
        }
        return pictures;
    }

    private static <T> Optional<T> read(
            String id, PictureFiles files, PictureDecoder decoder, Function<DecodedPicture, T> use) throws IOException {
        Optional<PictureName> name = PictureName.ofId(id);
        Optional<byte[]> encoded = name.isEmpty() ? Optional.empty() : files.read(name.get());
        try {
            return encoded.map(bytes -> decoder.decode(bytes, use));
        } catch (PictureException e) {
            return Optional.empty();
        }
    }

    private static <T> Optional<T> result(Future<Optional<T>> picture) throws IOException {
        try {
            return picture.get();
        } catch (ExecutionException e) {
            Failures.rethrow(e.getCause());
            throw new IllegalStateException(e); // a failure has a cause
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while columns were filled");
        }
    }
}
