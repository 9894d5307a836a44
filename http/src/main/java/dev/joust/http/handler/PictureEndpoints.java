// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

import org.eclipse.jetty.http.HttpHeader;

import dev.joust.http.json.PictureBody;
import dev.joust.http.json.StoredBody;
import dev.joust.http.request.Form;
import dev.joust.http.request.JsonFields;
import dev.joust.http.request.RequestException;
import dev.joust.http.request.Tags;
import dev.joust.pictures.Picture;
import dev.joust.pictures.PictureLibrary;
import dev.joust.pictures.PictureName;
import dev.joust.pictures.PictureQuery;
import dev.joust.pictures.PictureUpload;
import dev.joust.pictures.PictureWords;

/// One picture: taken in, given out, described, deleted and brought back. Thread-safe.
public final class PictureEndpoints {
    private static final Set<String> DESCRIPTION = Set.of("caption", "tags");

    private final PictureLibrary library;
    private final WriteAccess access;

    public PictureEndpoints(PictureLibrary library, WriteAccess access) {
        this.library = library;
        this.access = access;
    }

    /// Takes a picture in, with its caption and tags. 200 either way: `status` says whether it was there already.
    public Answer vectorizeAndStore(Call call) throws IOException {
        access.check();
        Form form = call.form("file");
        return Answer.json(200, new StoredBody(Mistakes.named(() -> {
            form.file().check();
            return library.add(new PictureUpload(
                    form.file().bytes(),
                    form.file().fileName(),
                    form.field("caption").orElse(null),
                    Tags.parse(form.field("tags").orElse(""))));
        })));
    }

    /// The bytes of a picture, as they were uploaded, or a range of them. For an older version of the table those of
    /// deleted pictures too.
    public Answer picture(Call call) {
        PictureName name = PictureQueries.name(call.path("name"));
        boolean isInPast = isInPast(call);
        byte[] bytes = library.read(name.value())
                .or(() -> isInPast ? library.readKept(name.value()) : Optional.empty())
                .orElseThrow(() -> noPicture(name));
        String etag = '"' + name.hash() + '"';
        if (call.has(etag)) {
            return Answer.notModified().tagged(etag, Caching.FOREVER);
        }
        Answer answer = call.header(HttpHeader.RANGE)
                .filter(_ -> call.isGet() && call.header(HttpHeader.IF_RANGE).orElse(etag).equals(etag))
                .flatMap(range -> PartialContent.of(range, name.format().mediaType(), bytes))
                .orElseGet(() -> Answer.whole(200, name.format().mediaType(), bytes))
                .with("Accept-Ranges", "bytes");
        return answer.status() < 400 ? answer.tagged(etag, Caching.FOREVER) : answer;
    }

    /// A small JPEG of a picture, likewise.
    public Answer thumbnail(Call call) {
        PictureName name = PictureQueries.name(call.path("name"));
        boolean isInPast = isInPast(call);
        byte[] bytes = library.thumbnail(name.value())
                .or(() -> isInPast ? library.thumbnailOfKept(name.value()) : Optional.empty())
                .orElseThrow(() -> noPicture(name));
        String etag = '"' + Hashes.sha256(bytes).substring(0, 32) + '"';
        return (call.has(etag) ? Answer.notModified() : Answer.whole(200, "image/jpeg", bytes)).tagged(etag, Caching.DAY);
    }

    private static boolean isInPast(Call call) {
        PictureQuery query = PictureQueries.version(call, PictureQuery.ALL);
        return query.version() != null || query.at() != null;
    }

    /// What is known of a picture, now or in an older version.
    public Answer info(Call call) {
        PictureName name = PictureQueries.name(call.path("name"));
        PictureQuery query = PictureQueries.version(call, PictureQuery.ALL);
        Optional<Picture> picture = query.version() == null && query.at() == null
                ? library.find(name.value())
                : Mistakes.named(() -> library.list(query.where("id = ?", name.id()).k(1).offset(0)))
                        .pictures().stream().findFirst();
        return Answer.json(200, new PictureBody(picture.orElseThrow(() -> noPicture(name))));
    }

    /// Changes a picture's caption, its tags, or both: what the body does not name stays.
    public Answer describe(Call call) throws IOException {
        access.check();
        PictureName name = PictureQueries.name(call.path("name"));
        JsonFields fields = call.json();
        fields.checkNames(DESCRIPTION);
        Optional<Picture> after = Mistakes.named(() -> library.edit(name.value(), before -> {
            PictureWords captioned = fields.has("caption") ? before.withCaption(fields.text("caption").orElse(null)) : before;
            return fields.has("tags") ? captioned.withTags(fields.texts("tags")) : captioned;
        }));
        return Answer.json(200, new PictureBody(after.orElseThrow(() -> noPicture(name))));
    }

    /// Brings a deleted picture back.
    public Answer restore(Call call) {
        access.check();
        PictureName name = PictureQueries.name(call.path("name"));
        return Answer.json(200, new StoredBody(library.restore(name.value()).orElseThrow(() -> noPicture(name))));
    }

    /// Takes a picture's row away. The picture is kept for a while and can be brought back.
    public Answer delete(Call call) {
        access.check();
        PictureName name = PictureQueries.name(call.path("name"));
        if (!library.delete(name.value())) {
            throw noPicture(name);
        }
        return Answer.nothing();
    }

    private static RequestException noPicture(PictureName name) {
        return new RequestException(404, "no picture " + name.value());
    }
}
