// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import dev.joust.http.request.RequestException;
import dev.joust.pictures.PictureName;
import dev.joust.pictures.PictureQuery;

/// Makes a {@link PictureQuery} of the parameters of a URL.
///
///     text                                 words; text_weight
///     like, unlike                         ids or names of pictures, each as often as wanted; like_weight, unlike_weight
///     picture_weight                       of the picture in the body, where there is one
///     k, offset                            pictures wanted, pictures left out before
///     version | at                         of the table: its number, or a time (ISO 8601)
///     where                                a condition, in the words of `docs/filters.md`
///     format, camera, tag, taken_from, taken_to, min_width, min_height
///     column                               of vectors
///     nprobes, refine | exact              how exact
final class PictureQueries {
    /// Most results that one request gives.
    static final int MAX_RESULTS = 1000;

    /// Parameters that name a version.
    static final Set<String> VERSION = Set.of("version", "at");

    /// Parameters that say which pictures, and how many.
    static final Set<String> LIMITS = union(VERSION, Set.of("k", "offset", "where", "format", "camera", "tag", "taken_from",
            "taken_to", "min_width", "min_height"));

    /// Also those that say what is searched for, and how.
    static final Set<String> TARGETS = union(LIMITS, Set.of("text", "text_weight", "like", "like_weight", "unlike",
            "unlike_weight", "column", "nprobes", "refine", "exact"));

    private static final int DEFAULT_RESULTS = 10;
    private static final int MAX_QUERY_CHARS = 2000;
    private static final int MAX_PICTURES = 32;
    private static final int MAX_PROBES = 100_000;
    private static final int MAX_REFINE = 1000;
    private static final float DEFAULT_UNLIKE_WEIGHT = 0.5f;
    private static final Map<String, String> FORMAT_ALIASES = Map.of("jpg", "jpeg", "tif", "tiff");

    private PictureQueries() {}

    static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(others);
        return Set.copyOf(all);
    }

    /// What the parameters say, without anything to search for.
    static PictureQuery limits(Call call) {
        return limits(call, Integer.MAX_VALUE - MAX_RESULTS);
    }

    private static PictureQuery limits(Call call, int maxOffset) {
        PictureQuery query = PictureQuery.ALL
                .k(call.queryInt("k", 1, MAX_RESULTS, DEFAULT_RESULTS))
                .offset(call.queryInt("offset", 0, maxOffset, 0));
        query = version(call, query);
        return conditions(call, query);
    }

    /// Also with what is searched for, but for a picture in the body.
    static PictureQuery targets(Call call) {
        PictureQuery query = limits(call, PictureQuery.MAX_DEPTH - MAX_RESULTS);
        String text = call.query("text").orElse("").strip();
        if (text.length() > MAX_QUERY_CHARS) {
            throw new RequestException(400, "'text' is longer than " + MAX_QUERY_CHARS + " characters");
        }
        float textWeight = weight(call, "text_weight", 1);
        if (!text.isEmpty()) {
            query = query.words(text, textWeight);
        }
        float likeWeight = weight(call, "like_weight", 1);
        for (String id : pictures(call, "like")) {
            query = query.like(id, likeWeight);
        }
        float unlikeWeight = weight(call, "unlike_weight", DEFAULT_UNLIKE_WEIGHT);
        for (String id : pictures(call, "unlike")) {
            query = query.unlike(id, unlikeWeight);
        }
        return query.column(call.query("column").orElse(PictureQuery.DEFAULT_COLUMN)).effort(effort(call));
    }

    /// @throws RequestException (404) for what is no such name: there is no such picture
    static PictureName name(String fileName) {
        return PictureName.parse(fileName)
                .orElseThrow(() -> new RequestException(404, "no such picture: names are the SHA-256 and an ending"));
    }

    private static List<String> pictures(Call call, String parameter) {
        List<String> given = call.queries(parameter);
        if (given.size() > MAX_PICTURES) {
            throw new RequestException(400, "'" + parameter + "' is given more than " + MAX_PICTURES + " times");
        }
        return given.stream()
                .map(id -> PictureName.ofId(id).orElseGet(() -> name(id)).id())
                .toList();
    }

    /// Above 0, and 1000 at most.
    static float weight(Call call, String parameter, float whenAbsent) {
        Optional<String> text = call.query(parameter);
        if (text.isEmpty()) {
            return whenAbsent;
        }
        try {
            float weight = Float.parseFloat(text.get());
            if (weight > 0 && weight <= 1000) {
                return weight;
            }
        } catch (NumberFormatException e) {
            // answered below, like a number out of range
        }
        throw new RequestException(400, "'" + parameter + "' must be a number above 0, and 1000 at most");
    }

    private static PictureQuery.Effort effort(Call call) {
        boolean exact = call.queryFlag("exact");
        int probes = call.queryInt("nprobes", 1, MAX_PROBES, 0);
        int refine = call.queryInt("refine", 1, MAX_REFINE, 0);
        if (exact && (probes > 0 || refine > 0)) {
            throw new RequestException(400, "an exact search has no 'nprobes' and no 'refine'");
        }
        return new PictureQuery.Effort(probes, refine, exact);
    }

    /// Of which version of the table, where the parameters say so.
    static PictureQuery version(Call call, PictureQuery query) {
        Optional<String> at = call.query("at");
        if (call.query("version").isPresent()) {
            if (at.isPresent()) {
                throw new RequestException(400, "'version' and 'at': one of them says what is searched");
            }
            return query.version(call.queryLong("version", 1, Long.MAX_VALUE).getAsLong());
        }
        return at.isEmpty() ? query : query.at(instant(at.get()));
    }

    /// With a zone, or, without one, by UTC.
    private static Instant instant(String text) {
        for (Function<String, Instant> form : List.<Function<String, Instant>>of(
                Instant::parse,
                // The + of a zone reads as a space where it was not escaped
                given -> OffsetDateTime.parse(given.replace(' ', '+')).toInstant(),
                given -> LocalDateTime.parse(given.replace(' ', 'T')).toInstant(ZoneOffset.UTC))) {
            try {
                return form.apply(text);
            } catch (DateTimeException e) {
                // perhaps in the next form
            }
        }
        throw new RequestException(400, "'at' must be a time like 2026-01-31T12:00:00Z");
    }

    private static PictureQuery conditions(Call call, PictureQuery unlimited) {
        PictureQuery query = unlimited;
        Optional<String> where = call.query("where").filter(text -> !text.isBlank());
        if (where.isPresent()) {
            query = query.where(where.get());
        }
        if (call.query("format").isPresent()) {
            String format = call.query("format").get().toLowerCase(Locale.ROOT);
            query = query.where("format = ?", FORMAT_ALIASES.getOrDefault(format, format));
        }
        if (call.query("camera").isPresent()) {
            query = query.where("contains(lower(camera), ?)", call.query("camera").get().toLowerCase(Locale.ROOT));
        }
        for (String tag : call.queries("tag")) {
            query = query.where("array_has(tags, ?)", tag);
        }
        if (call.query("taken_from").isPresent()) {
            query = query.where("taken_at >= timestamp '" + start(call, "taken_from", 0) + "'");
        }
        if (call.query("taken_to").isPresent()) {
            query = query.where("taken_at < timestamp '" + start(call, "taken_to", 1) + "'");
        }
        for (String edge : List.of("width", "height")) {
            if (call.query("min_" + edge).isPresent()) {
                query = query.where(edge + " >= ?", call.queryInt("min_" + edge, 1, Integer.MAX_VALUE, 1));
            }
        }
        return query;
    }

    /// When a day, some days after the given one, begins.
    private static String start(Call call, String parameter, int daysLater) {
        try {
            LocalDate day = LocalDate.parse(call.query(parameter).orElseThrow());
            if (day.getYear() >= 1 && day.getYear() <= 9998) {
                return day.plusDays(daysLater) + " 00:00:00";
            }
        } catch (DateTimeException e) {
            // answered below
        }
        throw new RequestException(400, "'" + parameter + "' must be a day like 2026-01-31");
    }
}
