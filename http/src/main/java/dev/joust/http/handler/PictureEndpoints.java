// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.joust.http.json.SearchBody;
import dev.joust.http.json.StatsBody;
import dev.joust.http.json.StoredBody;
import dev.joust.pictures.PictureHit;
import dev.joust.pictures.PictureLibrary;

/// Everything that a {@link PictureLibrary} answers. Thread-safe.
public final class PictureEndpoints {
    /// Most results that one search gives.
    public static final int MAX_RESULTS = 1000;

    private static final int DEFAULT_RESULTS = 10;
    private static final int MAX_QUERY_CHARS = 2000;

    private final PictureLibrary library;
    private final boolean readOnly;

    /// @param readOnly whether storing and deleting are refused
    public PictureEndpoints(PictureLibrary library, boolean readOnly) {
        this.library = library;
        this.readOnly = readOnly;
    }

    /// Takes a picture in. 200 either way: `status` says whether it was there already.
    public Answer vectorizeAndStore(Call call) throws IOException {
        refuseIfReadOnly();
        byte[] picture = call.filePart("file");
        return Answer.json(200, new StoredBody(callersMistakes(() -> library.add(picture))));
    }

    /// Pictures for the words `text`.
    public Answer searchByWords(Call call) {
        String text = call.query("text").orElse("").strip();
        if (text.isEmpty()) {
            throw new RequestException(400, "'text' must hold the words to search for");
        }
        if (text.length() > MAX_QUERY_CHARS) {
            throw new RequestException(400, "'text' is longer than " + MAX_QUERY_CHARS + " characters");
        }
        int k = resultCount(call);
        return found(text, callersMistakes(() -> library.search(text, k)));
    }

    /// Pictures like the one sent.
    public Answer searchByPicture(Call call) throws IOException {
        int k = resultCount(call);
        byte[] picture = call.filePart("file");
        return found(null, callersMistakes(() -> library.searchByPicture(picture, k)));
    }

    /// The bytes of a picture, as they were uploaded.
    public Answer picture(Call call) {
        PictureName name = PictureName.parse(call.path("name"));
        Optional<byte[]> bytes = library.read(name.fileName());
        if (bytes.isEmpty()) {
            throw noPicture(name);
        }
        String etag = '"' + name.sha256() + '"';
        return call.has(etag) ? Answer.notModified(etag) : Answer.bytes(name.contentType(), etag, bytes.get());
    }

    /// Takes a picture and its row away.
    public Answer deletePicture(Call call) {
        refuseIfReadOnly();
        PictureName name = PictureName.parse(call.path("name"));
        if (!library.delete(name.fileName())) {
            throw noPicture(name);
        }
        return Answer.nothing();
    }

    public Answer stats(Call call) {
        return Answer.json(200, new StatsBody(library.stats()));
    }

    private static int resultCount(Call call) {
        return call.queryInt("k", 1, MAX_RESULTS, DEFAULT_RESULTS);
    }

    private static Answer found(@Nullable String words, List<PictureHit> hits) {
        return Answer.json(200, new SearchBody(words, hits));
    }

    private static RequestException noPicture(PictureName name) {
        return new RequestException(404, "no picture " + name.fileName());
    }

    private void refuseIfReadOnly() {
        if (readOnly) {
            throw new RequestException(403, "this server is read-only");
        }
    }

    /// The library says by {@link IllegalArgumentException} that what it was given is no good.
    private static <T> T callersMistakes(Supplier<T> work) {
        try {
            return work.get();
        } catch (IllegalArgumentException e) {
            String reason = e.getMessage();
            RequestException mistake = new RequestException(400, reason == null ? "not a picture" : reason);
            mistake.initCause(e);
            throw mistake;
        }
    }
}
