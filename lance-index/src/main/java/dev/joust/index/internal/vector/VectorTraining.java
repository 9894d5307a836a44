// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import org.jspecify.annotations.Nullable;

import dev.joust.format.index.Tensor;
import dev.joust.index.DistanceType;
import dev.joust.index.VectorIndexKind;
import dev.joust.index.VectorIndexParameters;
import dev.joust.index.internal.vector.pq.PqCodebook;
import dev.joust.index.internal.vector.pq.ProductQuantizer;
import dev.joust.index.internal.vector.rq.RabitQuantizer;
import dev.joust.index.internal.vector.rq.Rotation;
import dev.joust.index.internal.vector.sq.ScalarQuantizer;

/// What is learnt from a sample of the vectors: centroids, and how to encode.
///
/// @param loss of the sample
public record VectorTraining(IvfModel model, double loss, VectorEncoder encoder) {
    /// The centroids as the file has them.
    Tensor centroids() {
        return Tensor.of(model.centroids(), model.count(), model.dimension());
    }

    private static final long SECOND_SEED = 0x9E3779B97F4A7C15L;

    /// @param sample     not empty
    /// @param partitions how many, at most as many as there are vectors in the sample
    /// @param bitWidth   of the column's floats
    /// @return null where there are too few vectors for the quantizer
    public static @Nullable VectorTraining of(
            VectorIndexParameters parameters, VectorRows sample, int partitions, int bitWidth, Workers workers) {
        DistanceType metric = parameters.metric();
        boolean isProduct = parameters.kind().storage() == VectorIndexKind.Storage.PQ;
        if (sample.count() == 0 || (isProduct && sample.count() < 1 << parameters.effectiveBitCount())) {
            return null;
        }
        int dimension = sample.dimension();
        KMeans.Settings settings = new KMeans.Settings(
                parameters.effectiveIterations(), 1e-4, 1, 2 * parameters.effectiveSampleRate(), parameters.seed());
        KMeans.Result found = KMeans.train(
                sample.values(), sample.count(), dimension, partitions, metric, settings, workers);
        IvfModel model = new IvfModel(metric, found.centroids(), found.count(), dimension);
        VectorEncoder encoder = switch (parameters.kind().storage()) {
            case FLAT -> new FlatEncoder(metric, dimension, bitWidth);
            case PQ -> new ProductEncoder(metric, codebook(parameters, sample, model, workers), model);
            case SQ -> new ScalarEncoder(
                    metric, ScalarQuantizer.train(sample.values(), 0, sample.count() * dimension), dimension);
            case RQ -> rabit(parameters, model);
        };
        return new VectorTraining(model, found.loss(), encoder);
    }

    private static VectorEncoder rabit(VectorIndexParameters parameters, IvfModel model) {
        Rotation.Fast rotation = Rotation.random(model.dimension(), parameters.seed());
        RabitQuantizer quantizer =
                new RabitQuantizer(rotation, parameters.effectiveBitCount(), parameters.metric());
        return new RabitEncoder(quantizer, rotation, model);
    }

    private static PqCodebook codebook(
            VectorIndexParameters parameters, VectorRows sample, IvfModel model, Workers workers) {
        int dimension = sample.dimension();
        int bits = parameters.effectiveBitCount();
        int count = (int) Math.min(sample.count(), (long) parameters.effectiveSampleRate() << bits);
        Rows some = new Rows(sample.values(), 0, dimension, sample.count(), dimension)
                .sample(count, new java.util.SplittableRandom(parameters.seed() ^ SECOND_SEED));
        float[] rows = some.copy();
        if (parameters.metric() != DistanceType.DOT) {
            int[] partitions = new int[count];
            model.nearest().assign(rows, 0, count, partitions, workers);
            model.subtractCentroids(rows, count, partitions);
        }
        KMeans.Settings settings = new KMeans.Settings(
                parameters.effectiveIterations(), 1e-4, 0, 2 * parameters.effectiveSampleRate(), parameters.seed());
        return ProductQuantizer.train(
                rows, count, dimension, parameters.effectiveSubVectorCount(dimension), bits, settings, workers);
    }
}
