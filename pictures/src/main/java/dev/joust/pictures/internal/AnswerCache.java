// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.joust.pictures.PictureHit;
import dev.joust.pictures.PictureQuery;
import dev.joust.pictures.PictureResults;
import dev.joust.search.Table;

/// Answers of searches, by the version of the table and what was asked: versions do not change, so neither do their
/// answers. Bounded by bytes; what was not asked for longest goes first. Thread-safe.
final class AnswerCache {
    private static final int BYTES_PER_ANSWER = 500;
    private static final int BYTES_PER_HIT = 700;
    private static final int BYTES_PER_CHAR = 2;

    /// @param committedAt tells a table from one that was dropped before, and had the same version
    /// @param targets     what is searched for; pictures by their hash
    /// @param query       the rest, of no version
    private record Key(long version, Instant committedAt, List<Object> targets, PictureQuery query) {}

    private record HashedSample(String sha256, float weight) {}

    private final Cache<Key, PictureResults> answers;

    /// @param maxBytes 0 keeps nothing
    AnswerCache(long maxBytes) {
        answers = Caffeine.newBuilder().maximumWeight(maxBytes).weigher(AnswerCache::sizeBytes).build();
    }

    /// Roughly.
    private static int sizeBytes(Key key, PictureResults results) {
        long bytes = BYTES_PER_ANSWER + 200L * key.targets().size();
        for (PictureHit hit : results.hits()) {
            String caption = hit.metadata().caption();
            bytes += BYTES_PER_HIT + (caption == null ? 0 : (long) BYTES_PER_CHAR * caption.length());
            bytes += 60L * hit.metadata().tags().size();
        }
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    /// The answer that is known, or the one that is found now.
    ///
    /// @param table at the version that is searched
    PictureResults get(Table table, PictureQuery query, Supplier<PictureResults> search) {
        Key key = new Key(
                table.version(),
                table.dataset().manifest().timestamp(),
                query.targets().stream().map(AnswerCache::hashed).toList(),
                new PictureQuery(
                        List.of(), query.conditions(), query.k(), query.offset(), null, null, query.column(), query.effort()));
        PictureResults known = answers.getIfPresent(key);
        if (known != null) {
            return known;
        }
        PictureResults found = search.get();
        answers.put(key, found);
        return found;
    }

    private static Object hashed(PictureQuery.Target target) {
        return switch (target) {
            case PictureQuery.Sample sample -> new HashedSample(Sha256.hex(sample.bytes()), sample.weight());
            case PictureQuery.Words words -> words;
            case PictureQuery.Like like -> like;
            case PictureQuery.Unlike unlike -> unlike;
        };
    }
}
