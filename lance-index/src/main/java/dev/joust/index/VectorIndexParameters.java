// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.util.HashMap;
import java.util.Map;

import dev.joust.format.index.VectorIndexDetails;

/// How an index of vectors is built. Made by {@link IvfFlat}, {@link IvfPq} and the like; 0 means as the reference has it.
///
/// @param partitions          how many; fewer where there are too few rows
/// @param targetPartitionSize rows that a partition should have, where `partitions` is 0
/// @param subVectorCount      of a product quantizer
/// @param bitCount            of a code
/// @param maxConnections      of a node of a graph, twice as many on the lowest level
/// @param constructionEf      width of searches while a graph is built
/// @param maxLevel            levels of a graph at most
/// @param sampleRate          rows to train with, for each centroid
/// @param maxIterations       rounds of training
/// @param seed                of all that is drawn at random
public record VectorIndexParameters(
        VectorIndexKind kind,
        DistanceType metric,
        int partitions,
        long targetPartitionSize,
        int subVectorCount,
        int bitCount,
        int maxConnections,
        int constructionEf,
        int maxLevel,
        int sampleRate,
        int maxIterations,
        long seed) {
    private static final int MOST_PARTITIONS = 4096;
    private static final int DEFAULT_SAMPLE_RATE = 256;
    private static final int DEFAULT_ITERATIONS = 50;

    /// The reference's defaults.
    public static VectorIndexParameters of(VectorIndexKind kind, DistanceType metric) {
        return new VectorIndexParameters(kind, metric, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    }

    /// As a manifest says that an index is built. How many partitions it has is not said there.
    ///
    public static VectorIndexParameters of(VectorIndexKind kind, DistanceType metric, VectorIndexDetails details) {
        int subVectors = 0;
        int bits = 0;
        switch (details.compression()) {
            case VectorIndexDetails.Flat _, VectorIndexDetails.Unknown _ -> {}
            case VectorIndexDetails.Product(int bitCount, int subVectorCount) -> {
                subVectors = subVectorCount;
                bits = bitCount;
            }
            case VectorIndexDetails.Scalar(int bitCount) -> bits = bitCount;
            case VectorIndexDetails.Rabit(int bitCount, boolean _) -> bits = bitCount;
        }
        VectorIndexDetails.Hnsw hnsw = details.hnsw();
        int connections = hnsw == null ? 0 : hnsw.maxConnections();
        int ef = hnsw == null || hnsw.constructionEf() == 0 ? 0 : Math.max(hnsw.constructionEf(), Math.max(4, connections));
        return new VectorIndexParameters(
                kind,
                metric,
                0,
                details.targetPartitionSize(),
                subVectors,
                bits,
                connections == 0 ? 0 : Math.max(4, connections),
                ef,
                hnsw == null ? 0 : hnsw.maxLevel(),
                hint(details, "lance.ivf.sample_rate"),
                hint(details, "lance.ivf.max_iters"),
                1);
    }

    /// 0 where there is none that makes sense.
    private static int hint(VectorIndexDetails details, String key) {
        try {
            return Math.max(0, Integer.parseInt(details.runtimeHints().getOrDefault(key, "0")));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    public VectorIndexParameters {
        if (partitions < 0 || targetPartitionSize < 0 || subVectorCount < 0 || sampleRate < 0 || maxIterations < 0) {
            throw new IllegalArgumentException("partitions, sub-vectors, sample rate and iterations are not negative");
        }
        boolean fewConnections = maxConnections != 0 && maxConnections < 4;
        boolean narrow = constructionEf != 0 && constructionEf < Math.max(4, maxConnections);
        if (fewConnections || narrow || maxLevel < 0) {
            throw new IllegalArgumentException("m is at least 4, and ef_construction at least m, not " + maxConnections + " and "
                    + constructionEf);
        }
    }

    private static int or(int value, int otherwise) {
        return value == 0 ? otherwise : value;
    }

    /// Rows to train with, for each centroid.
    public int effectiveSampleRate() {
        return or(sampleRate, DEFAULT_SAMPLE_RATE);
    }

    public int effectiveIterations() {
        return or(maxIterations, DEFAULT_ITERATIONS);
    }

    /// Bits of a code.
    public int effectiveBitCount() {
        return or(bitCount, kind.storage() == VectorIndexKind.Storage.RQ ? 5 : 8);
    }

    public int effectiveMaxConnections() {
        return or(maxConnections, 20);
    }

    public int effectiveConstructionEf() {
        return or(constructionEf, 150);
    }

    public int effectiveMaxLevel() {
        return or(maxLevel, 7);
    }

    /// Sub-vectors of 16 elements, or of 8, or one: as the reference's database chooses.
    public int effectiveSubVectorCount(int dimension) {
        if (subVectorCount > 0) {
            return subVectorCount;
        }
        int count = dimension % 16 == 0 ? dimension / 16 : dimension % 8 == 0 ? dimension / 8 : 1;
        return effectiveBitCount() == 4 && count % 2 != 0 && dimension % (2 * count) == 0 ? 2 * count : count;
    }

    /// Partitions for so many vectors (spec: index format B.2).
    public int effectivePartitions(long rowCount, long vectorCount) {
        long wanted = partitions > 0 ? partitions : Math.clamp(rowCount / effectivePartitionSize(), 1, MOST_PARTITIONS);
        if (kind.storage() == VectorIndexKind.Storage.PQ) {
            return (int) (wanted * effectiveSampleRate() <= vectorCount
                    ? wanted
                    : Math.min(wanted, Math.clamp(vectorCount / effectiveSampleRate(), 1, MOST_PARTITIONS)));
        }
        return (int) Math.clamp(vectorCount, 1, wanted);
    }

    /// Rows that a partition should have.
    public long effectivePartitionSize() {
        return targetPartitionSize > 0 ? targetPartitionSize : defaultPartitionSize();
    }

    /// As changed, with so many partitions.
    VectorIndexParameters withPartitions(int count) {
        return new VectorIndexParameters(
                kind, metric, count, targetPartitionSize, subVectorCount, bitCount, maxConnections, constructionEf, maxLevel, sampleRate, maxIterations, seed);
    }

    private long defaultPartitionSize() {
        return kind.hasGraph() ? 1 << 20 : switch (kind.storage()) {
            case FLAT, RQ -> 4096;
            case PQ, SQ -> 8192;
        };
    }

    /// What the manifest says about the index.
    public VectorIndexDetails details(int dimension) {
        VectorIndexDetails.Compression compression = switch (kind.storage()) {
            case FLAT -> new VectorIndexDetails.Flat();
            case SQ -> new VectorIndexDetails.Scalar(effectiveBitCount());
            case PQ -> new VectorIndexDetails.Product(effectiveBitCount(), effectiveSubVectorCount(dimension));
            case RQ -> new VectorIndexDetails.Rabit(effectiveBitCount(), false);
        };
        VectorIndexDetails.Hnsw hnsw = kind.hasGraph()
                ? new VectorIndexDetails.Hnsw(effectiveMaxConnections(), effectiveConstructionEf(), effectiveMaxLevel())
                : null;
        Map<String, String> hints = new HashMap<>();
        hints.put("lance.ivf.max_iters", "" + effectiveIterations());
        hints.put("lance.ivf.sample_rate", "" + effectiveSampleRate());
        if (kind.storage() == VectorIndexKind.Storage.PQ) {
            hints.put("lance.pq.max_iters", "" + effectiveIterations());
            hints.put("lance.pq.sample_rate", "" + effectiveSampleRate());
        }
        if (kind.storage() == VectorIndexKind.Storage.SQ) {
            hints.put("lance.sq.sample_rate", "" + effectiveSampleRate());
        }
        return new VectorIndexDetails(metric.code(), targetPartitionSize, hnsw, compression, hints);
    }
}
