// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import dev.joust.http.json.ListBody;
import dev.joust.http.json.SearchBody;
import dev.joust.http.request.Form;
import dev.joust.http.request.RequestException;
import dev.joust.http.request.SentFile;
import dev.joust.pictures.PictureLibrary;
import dev.joust.pictures.PicturePage;
import dev.joust.pictures.PictureQuery;
import dev.joust.pictures.PictureResults;

/// Finding and listing pictures. Thread-safe.
public final class SearchEndpoints {
    /// What searches may be asked by.
    public static final Set<String> SEARCH = PictureQueries.TARGETS;
    /// What searches by a picture may be asked by.
    public static final Set<String> SEARCH_BY_PICTURE = PictureQueries.union(SEARCH, Set.of("picture_weight"));
    /// What lists may be asked by.
    public static final Set<String> LIST = PictureQueries.union(PictureQueries.LIMITS, Set.of("order"));
    /// What single pictures may be asked by.
    public static final Set<String> PICTURE = PictureQueries.VERSION;

    private final PictureLibrary library;
    /// Of this start of the server: another one may have another model.
    private final String startTag = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

    public SearchEndpoints(PictureLibrary library) {
        this.library = library;
    }

    /// Pictures for words, or for pictures of the library.
    public Answer search(Call call) {
        PictureQuery query = PictureQueries.targets(call);
        if (query.targets().isEmpty()) {
            throw new RequestException(400, "'text' must hold the words to search for, or 'like' a picture");
        }
        return answer(call, query);
    }

    /// Pictures like the one sent, and like what the parameters name.
    public Answer searchByPicture(Call call) throws IOException {
        PictureQuery query = PictureQueries.targets(call);
        float weight = PictureQueries.weight(call, "picture_weight", 1);
        Form form = call.form("file");
        form.fields().keySet().stream().filter(SEARCH_BY_PICTURE::contains).findFirst().ifPresent(name -> {
            throw new RequestException(400, "'" + name + "' belongs into the URL, the form holds the picture alone");
        });
        SentFile file = form.file();
        Mistakes.named(() -> {
            file.check();
            return file;
        });
        return answer(call, query.sample(file.bytes(), weight));
    }

    private Answer answer(Call call, PictureQuery query) {
        long start = System.nanoTime();
        PictureResults results = Mistakes.named(() -> library.search(query));
        double tookMillis = (System.nanoTime() - start) / 1e6;
        SearchBody body = new SearchBody(words(query), results, query.offset(), tookMillis);
        Answer whole = Answer.json(200, body)
                .with("Server-Timing", String.format(Locale.ROOT, "search;dur=%.3f", tookMillis));
        boolean isRepeatable = query.targets().stream().noneMatch(PictureQuery.Sample.class::isInstance);
        return isRepeatable ? tagged(call, whole, results.version()) : whole;
    }

    private static @Nullable String words(PictureQuery query) {
        return query.targets().stream()
                .filter(PictureQuery.Words.class::isInstance)
                .map(target -> ((PictureQuery.Words) target).text())
                .findFirst()
                .orElse(null);
    }

    /// The pictures that meet the conditions, the newest rows first, or in the table's order.
    public Answer list(Call call) {
        PictureQuery query = PictureQueries.limits(call);
        boolean newestFirst = switch (call.query("order").orElse("newest")) {
            case "newest" -> true;
            case "table" -> false;
            default -> throw new RequestException(400, "'order' must be newest or table");
        };
        PicturePage page = Mistakes.named(() -> newestFirst ? newestFirst(query) : library.list(query));
        return tagged(call, Answer.json(200, new ListBody(page, query.offset())), page.version());
    }

    /// Rows are added at the end: a page from the end of the table, turned around.
    private PicturePage newestFirst(PictureQuery query) {
        PicturePage first = library.list(query.k(1).offset(0));
        long end = first.totalCount() - query.offset();
        if (end <= 0) {
            return new PicturePage(first.version(), first.totalCount(), List.of());
        }
        int count = (int) Math.min(query.k(), end);
        PictureQuery sameVersion = query.at(null).version(first.version());
        PicturePage page = library.list(sameVersion.k(count).offset(Math.toIntExact(end - count)));
        return new PicturePage(page.version(), page.totalCount(), page.pictures().reversed());
    }

    /// The same question at the same version of the table has the same answer, but for the time it took.
    private Answer tagged(Call call, Answer whole, long version) {
        byte[] query = call.rawQuery().getBytes(StandardCharsets.UTF_8);
        String etag = "W/\"" + startTag + "-" + version + "-" + Hashes.sha256(query).substring(0, 16) + '"';
        return (call.has(etag) ? Answer.notModified() : whole).tagged(etag, Caching.REVALIDATED);
    }
}
