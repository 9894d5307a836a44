// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// What to look for: words, pictures, pictures of the library to be like or unlike, weighed against each other; and
/// among which. Immutable; each step answers a changed copy.
///
///     PictureQuery.ofWords("a red bicycle").unlike("images/3f….jpg", 0.5f).where("width > ? and array_has(tags, ?)", 800, "holiday").k(20)
///
/// The vectors of all that is named, each of length 1, are added, times their weights; those of pictures to be unlike are
/// subtracted; the sum, brought to length 1 again, is what is searched for.
///
/// @param targets    what the pictures found are near to
/// @param conditions of rows, all of which must hold
/// @param k          pictures wanted, 1 to {@link #MAX_K}
/// @param offset     pictures left out first
/// @param version    of the table, null for the newest
/// @param at         the newest version that was there then, null for the newest of all
/// @param column     of the vectors to search
/// @param effort     how exact the search is
public record PictureQuery(
        List<Target> targets,
        List<Condition> conditions,
        int k,
        int offset,
        @Nullable Long version,
        @Nullable Instant at,
        String column,
        Effort effort) {
    public static final int MAX_K = 10_000;
    /// Of offset and k together, where something is searched for.
    public static final int MAX_DEPTH = 100_000;

    /// The column of the vectors that the library's own model makes.
    public static final String DEFAULT_COLUMN = "vector";

    /// Everything, in the order of the table.
    public static final PictureQuery ALL =
            new PictureQuery(List.of(), List.of(), 10, 0, null, null, DEFAULT_COLUMN, Effort.DEFAULT);

    /// Something that the pictures found are near to, or far from.
    public sealed interface Target {
        /// How much it counts, above 0.
        float weight();
    }

    /// What the words say.
    public record Words(String text, float weight) implements Target {
        public Words {
            if (text.isBlank()) {
                throw new IllegalArgumentException("no words to search for");
            }
            checkWeight(weight);
        }
    }

    /// A picture, which need not be in the library.
    ///
    /// @param bytes encoded
    @SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares
    public record Sample(byte[] bytes, float weight) implements Target {
        public Sample {
            checkWeight(weight);
        }
    }

    /// A picture of the library, which is not among what is found.
    public record Like(String id, float weight) implements Target {
        public Like {
            checkWeight(weight);
        }
    }

    /// A picture of the library to keep away from, which is not among what is found.
    public record Unlike(String id, float weight) implements Target {
        public Unlike {
            checkWeight(weight);
        }
    }

    /// A condition of the rows, in the words of the filters of tables.
    ///
    /// @param parameters for its `?`, in order
    public record Condition(String text, List<@Nullable Object> parameters) {}

    /// How exact a search is where an index is there: more takes longer. Searches without an index are exact.
    ///
    /// @param probes partitions of the index that are looked at; 0 for as many as it takes
    /// @param refine so many times the pictures wanted are compared by their vectors themselves; 0 for the default
    /// @param exact  every vector is looked at, the index is not
    public record Effort(int probes, int refine, boolean exact) {
        public static final Effort DEFAULT = new Effort(0, 0, false);
        public static final Effort EXACT = new Effort(0, 0, true);

        public Effort {
            if (probes < 0 || refine < 0) {
                throw new IllegalArgumentException(probes + " probes, refine " + refine + ": neither may be negative");
            }
        }
    }

    private static void checkWeight(float weight) {
        if (!(weight > 0 && weight <= 1000)) {
            throw new IllegalArgumentException("a weight of " + weight + "; it must be above 0, and 1000 at most");
        }
    }

    public PictureQuery {
        targets = List.copyOf(targets);
        conditions = List.copyOf(conditions);
        if (k < 1 || k > MAX_K) {
            throw new IllegalArgumentException("k is " + k + "; it must be 1 to " + MAX_K);
        }
        int depth = targets.isEmpty() ? Integer.MAX_VALUE : MAX_DEPTH;
        if (offset < 0 || offset > depth - k) {
            throw new IllegalArgumentException(
                    "offset is " + offset + "; it must be 0 to " + (depth - k) + " with k " + k);
        }
        if (version != null && at != null) {
            throw new IllegalArgumentException("a version and a time: one of them says what is searched");
        }
    }

    /// What the words say, and ten pictures for it.
    public static PictureQuery ofWords(String text) {
        return ALL.words(text, 1);
    }

    /// Also what these words say.
    public PictureQuery words(String text, float weight) {
        return with(new Words(text, weight));
    }

    /// Also what this picture shows.
    public PictureQuery sample(byte[] encoded, float weight) {
        return with(new Sample(encoded, weight));
    }

    /// Also more like this picture of the library.
    public PictureQuery like(String id, float weight) {
        return with(new Like(id, weight));
    }

    /// Also less like this picture of the library.
    public PictureQuery unlike(String id, float weight) {
        return with(new Unlike(id, weight));
    }

    private PictureQuery with(Target target) {
        List<Target> more = new ArrayList<>(targets);
        more.add(target);
        return new PictureQuery(more, conditions, k, offset, version, at, column, effort);
    }

    /// Only pictures for whose row the condition is true; called again, for which all are.
    ///
    /// @param parameters for the `?` of the condition, in order
    public PictureQuery where(String condition, @Nullable Object... parameters) {
        List<Condition> more = new ArrayList<>(conditions);
        more.add(new Condition(condition, Arrays.asList(parameters.clone())));
        return new PictureQuery(targets, more, k, offset, version, at, column, effort);
    }

    public PictureQuery k(int newK) {
        return new PictureQuery(targets, conditions, newK, offset, version, at, column, effort);
    }

    public PictureQuery offset(int newOffset) {
        return new PictureQuery(targets, conditions, k, newOffset, version, at, column, effort);
    }

    public PictureQuery version(@Nullable Long newVersion) {
        return new PictureQuery(targets, conditions, k, offset, newVersion, at, column, effort);
    }

    public PictureQuery at(@Nullable Instant newAt) {
        return new PictureQuery(targets, conditions, k, offset, version, newAt, column, effort);
    }

    public PictureQuery column(String newColumn) {
        return new PictureQuery(targets, conditions, k, offset, version, at, newColumn, effort);
    }

    public PictureQuery effort(Effort newEffort) {
        return new PictureQuery(targets, conditions, k, offset, version, at, column, newEffort);
    }
}
