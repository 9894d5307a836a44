// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import org.jspecify.annotations.Nullable;

import dev.joust.index.DistanceType;

/// What a search by a vector asks for. Immutable; each `with` answers a changed copy.
///
/// @param vector        of a column with several vectors a row, any number of vectors one after the other
/// @param metric        null for that of the column's index, or L2 where it has none
/// @param k             rows wanted
/// @param minimumProbes partitions of an index to look at in any case
/// @param maximumProbes partitions of an index to look at, 0 for as many as it takes
/// @param refineFactor  so many times k rows of an index are compared by their vectors themselves; 0 for none
/// @param ef            width of a search in a graph, 0 for half as many again as rows are looked for
/// @param useIndex      false looks at every vector
/// @param fastSearch    leaves out rows that no index covers
/// @param threads       1 stays on the caller's thread, 0 takes as many of the session's workers as pay
/// @param lower         distances from here on count
/// @param upper         distances from here on do not count
@SuppressWarnings("ArrayRecordComponent") // copied where callers give it
public record VectorQuery(
        float[] vector,
        @Nullable DistanceType metric,
        int k,
        int minimumProbes,
        int maximumProbes,
        int refineFactor,
        int ef,
        boolean useIndex,
        boolean fastSearch,
        int threads,
        float lower,
        float upper) {
    public VectorQuery {
        if (k < 1 || minimumProbes < 1 || maximumProbes < 0 || refineFactor < 0 || ef < 0 || threads < 0) {
            throw new IllegalArgumentException("k " + k + ", probes " + minimumProbes + " to " + maximumProbes + ", refine factor "
                    + refineFactor + ", ef " + ef);
        }
        if (maximumProbes > 0 && maximumProbes < minimumProbes) {
            throw new IllegalArgumentException("at least " + minimumProbes + " probes and at most " + maximumProbes);
        }
        if (k > Integer.MAX_VALUE / Math.max(1, refineFactor)) {
            throw new IllegalArgumentException(k + " rows with a refine factor of " + refineFactor);
        }
    }

    /// The k nearest, by the column's index if it has one.
    public static VectorQuery of(float[] vector, int k) {
        return new VectorQuery(
                vector.clone(), null, k, 1, 0, 0, 0, true, false, 0, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    }

    /// The k nearest to several vectors, of a column with several vectors a row.
    public static VectorQuery of(float[][] vectors, int k) {
        int length = 0;
        for (float[] vector : vectors) {
            length += vector.length;
        }
        float[] all = new float[length];
        int at = 0;
        for (float[] vector : vectors) {
            if (vector.length != vectors[0].length) {
                throw new IllegalArgumentException(
                        "query vectors of " + vectors[0].length + " and of " + vector.length + " elements");
            }
            System.arraycopy(vector, 0, all, at, vector.length);
            at += vector.length;
        }
        return of(all, k);
    }

    public VectorQuery withVector(float[] newVector) {
        return new VectorQuery(
                newVector.clone(), metric, k, minimumProbes, maximumProbes, refineFactor, ef, useIndex, fastSearch, threads, lower, upper);
    }

    public VectorQuery withMetric(@Nullable DistanceType newMetric) {
        return new VectorQuery(
                vector, newMetric, k, minimumProbes, maximumProbes, refineFactor, ef, useIndex, fastSearch, threads, lower, upper);
    }

    public VectorQuery withK(int newK) {
        return new VectorQuery(
                vector, metric, newK, minimumProbes, maximumProbes, refineFactor, ef, useIndex, fastSearch, threads, lower, upper);
    }

    /// @param least at least 1
    /// @param most  0 for as many as it takes
    public VectorQuery withProbes(int least, int most) {
        return new VectorQuery(vector, metric, k, least, most, refineFactor, ef, useIndex, fastSearch, threads, lower, upper);
    }

    public VectorQuery withRefineFactor(int newFactor) {
        return new VectorQuery(
                vector, metric, k, minimumProbes, maximumProbes, newFactor, ef, useIndex, fastSearch, threads, lower, upper);
    }

    public VectorQuery withEf(int newEf) {
        return new VectorQuery(
                vector, metric, k, minimumProbes, maximumProbes, refineFactor, newEf, useIndex, fastSearch, threads, lower, upper);
    }

    public VectorQuery withUseIndex(boolean newUseIndex) {
        return new VectorQuery(
                vector, metric, k, minimumProbes, maximumProbes, refineFactor, ef, newUseIndex, fastSearch, threads, lower, upper);
    }

    public VectorQuery withFastSearch(boolean newFastSearch) {
        return new VectorQuery(
                vector, metric, k, minimumProbes, maximumProbes, refineFactor, ef, useIndex, newFastSearch, threads, lower, upper);
    }

    public VectorQuery withThreads(int newThreads) {
        return new VectorQuery(
                vector, metric, k, minimumProbes, maximumProbes, refineFactor, ef, useIndex, fastSearch, newThreads, lower, upper);
    }

    public VectorQuery withRange(float newLower, float newUpper) {
        return new VectorQuery(
                vector, metric, k, minimumProbes, maximumProbes, refineFactor, ef, useIndex, fastSearch, threads, newLower, newUpper);
    }
}
