// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.util.function.UnaryOperator;

/// How an index of vectors shall be built: `IvfPq.withMetric(COSINE).partitions(256).subVectors(96)`. Immutable; each method
/// answers a changed copy. What is not said is as the reference has it.
///
/// @param <S> the kind's own class
public abstract sealed class VectorIndexSpec<S extends VectorIndexSpec<S>>
        permits IvfFlat, IvfSq, IvfPq, IvfRq, IvfHnswFlat, IvfHnswSq, IvfHnswPq, Hnsw {
    private final VectorIndexParameters parameters;

    VectorIndexSpec(VectorIndexParameters parameters) {
        this.parameters = parameters;
    }

    /// All that was said.
    public final VectorIndexParameters parameters() {
        return parameters;
    }

    abstract S of(VectorIndexParameters changed);

    /// The specification of a kind that is named only when the program runs.
    public static VectorIndexSpec<?> of(VectorIndexKind kind, DistanceType metric) {
        return switch (kind) {
            case IVF_FLAT -> IvfFlat.withMetric(metric);
            case IVF_SQ -> IvfSq.withMetric(metric);
            case IVF_PQ -> IvfPq.withMetric(metric);
            case IVF_RQ -> IvfRq.withMetric(metric);
            case IVF_HNSW_FLAT -> IvfHnswFlat.withMetric(metric);
            case IVF_HNSW_SQ -> IvfHnswSq.withMetric(metric);
            case IVF_HNSW_PQ -> IvfHnswPq.withMetric(metric);
        };
    }

    /// As changed all at once, also by what its kind has no use for.
    public S changed(UnaryOperator<Builder> change) {
        return with(change);
    }

    final S with(UnaryOperator<Builder> change) {
        return of(change.apply(new Builder(parameters)).build());
    }

    /// How many partitions; fewer are made where there are too few rows.
    public S partitions(int count) {
        return with(builder -> builder.partitions(count));
    }

    /// Rows that a partition should have, where the number of partitions is not said.
    public S targetPartitionSize(long rowCount) {
        return with(builder -> builder.targetPartitionSize(rowCount));
    }

    /// Rows to train with, for each centroid.
    public S sampleRate(int rowCount) {
        return with(builder -> builder.sampleRate(rowCount));
    }

    /// Rounds of training at most.
    public S maxIterations(int count) {
        return with(builder -> builder.maxIterations(count));
    }

    /// Of all that is drawn at random: the same seed makes the same index of the same rows.
    public S seed(long seed) {
        return with(builder -> builder.seed(seed));
    }

    /// The parameters, some of which are about to change; see {@link VectorIndexParameters}.
    public static final class Builder {
        private final VectorIndexParameters from;
        private VectorIndexKind kind;
        private int partitions;
        private long targetPartitionSize;
        private int subVectorCount;
        private int bitCount;
        private int maxConnections;
        private int constructionEf;
        private int maxLevel;
        private int sampleRate;
        private int maxIterations;
        private long seed;

        Builder(VectorIndexParameters from) {
            this.from = from;
            kind = from.kind();
            partitions = from.partitions();
            targetPartitionSize = from.targetPartitionSize();
            subVectorCount = from.subVectorCount();
            bitCount = from.bitCount();
            maxConnections = from.maxConnections();
            constructionEf = from.constructionEf();
            maxLevel = from.maxLevel();
            sampleRate = from.sampleRate();
            maxIterations = from.maxIterations();
            seed = from.seed();
        }

        Builder kind(VectorIndexKind value) {
            kind = value;
            return this;
        }

        public Builder partitions(int value) {
            partitions = value;
            return this;
        }

        public Builder targetPartitionSize(long value) {
            targetPartitionSize = value;
            return this;
        }

        public Builder subVectorCount(int value) {
            subVectorCount = value;
            return this;
        }

        public Builder bitCount(int value) {
            bitCount = value;
            return this;
        }

        public Builder maxConnections(int value) {
            maxConnections = value;
            return this;
        }

        public Builder constructionEf(int value) {
            constructionEf = value;
            return this;
        }

        public Builder maxLevel(int value) {
            maxLevel = value;
            return this;
        }

        public Builder sampleRate(int value) {
            sampleRate = value;
            return this;
        }

        public Builder maxIterations(int value) {
            maxIterations = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        VectorIndexParameters build() {
            return new VectorIndexParameters(
                    kind, from.metric(), partitions, targetPartitionSize, subVectorCount, bitCount, maxConnections, constructionEf, maxLevel, sampleRate, maxIterations, seed);
        }
    }
}
