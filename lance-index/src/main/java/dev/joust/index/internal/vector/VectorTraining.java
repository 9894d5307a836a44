// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.index.IvfPartitions;
import dev.joust.format.index.QuantizerMetadata;
import dev.joust.format.index.Tensor;
import dev.joust.index.DistanceType;
import dev.joust.index.VectorElement;
import dev.joust.index.VectorIndexKind;
import dev.joust.index.VectorIndexParameters;
import dev.joust.index.internal.vector.pq.PqCodebook;
import dev.joust.index.internal.vector.pq.ProductQuantizer;
import dev.joust.index.internal.vector.rq.RabitQuantizer;
import dev.joust.index.internal.vector.rq.Rotation;
import dev.joust.index.internal.vector.sq.ScalarQuantizer;

/// What is learnt from a sample of the vectors: centroids, and how to encode.
///
/// @param centroids as files have them
/// @param loss      of the sample; null where not recorded
public record VectorTraining(IvfModel model, Tensor centroids, @Nullable Double loss, VectorEncoder encoder) {
    /// With ten times of it, codebooks take a third as long to train, but find fewer of the nearest rows.
    private static final double CODEBOOK_TOLERANCE = 1e-4;

    private static final long SECOND_SEED = 0x9E3779B97F4A7C15L;

    /// @param sample     not empty
    /// @param partitions how many, at most as many as there are vectors in the sample
    /// @param element    of the column
    /// @return null where there are too few vectors for the quantizer
    public static @Nullable VectorTraining of(
            VectorIndexParameters parameters, VectorRows sample, int partitions, VectorElement element, Workers workers) {
        DistanceType metric = parameters.metric();
        boolean isProduct = parameters.kind().storage() == VectorIndexKind.Storage.PQ;
        if (sample.count() == 0 || (isProduct && sample.count() < 1 << parameters.effectiveBitCount())) {
            return null;
        }
        int dimension = sample.dimension();
        VectorElement stored = element.stored(metric);
        KMeans.Result found = found(parameters, sample, partitions, workers);
        IvfModel model = new IvfModel(metric, stored, stored.round(found.centroids()), found.count(), dimension);
        VectorEncoder encoder = switch (parameters.kind().storage()) {
            case FLAT -> new FlatEncoder(metric, dimension, stored);
            case PQ -> product(metric, codebook(parameters, sample, model, workers), model);
            case SQ -> new ScalarEncoder(
                    metric, ScalarQuantizer.train(sample.values(), 0, sample.count() * dimension), dimension);
            case RQ -> rabit(parameters, model);
        };
        return new VectorTraining(model, centroids(model), found.loss(), encoder);
    }

    /// Centroids of some vectors.
    ///
    /// @return `float[count * dimension]`
    public static float[] centroids(VectorIndexParameters parameters, VectorRows rows, int count, Workers workers) {
        return found(parameters, rows, count, workers).centroids();
    }

    private static KMeans.Result found(
            VectorIndexParameters parameters, VectorRows sample, int partitions, Workers workers) {
        return parameters.metric() == DistanceType.HAMMING
                ? ofBits(parameters, sample, partitions, workers)
                : KMeans.train(
                        sample.values(),
                        sample.count(),
                        sample.dimension(),
                        partitions,
                        parameters.metric(),
                        new KMeans.Settings(
                                parameters.effectiveIterations(),
                                1e-4,
                                1,
                                2 * parameters.effectiveSampleRate(),
                                parameters.seed()),
                        workers);
    }

    private static KMeans.Result ofBits(
            VectorIndexParameters parameters, VectorRows sample, int partitions, Workers workers) {
        int dimension = sample.dimension();
        byte[] rows = BinaryCentroids.bytes(sample.values(), sample.count() * dimension);
        byte[] found = BinaryKMeans.train(
                rows, sample.count(), dimension, partitions, parameters.effectiveIterations(), parameters.seed(), workers);
        int count = found.length / dimension;
        int[] ids = new int[sample.count()];
        BinaryKMeans.assign(found, count, dimension, rows, sample.count(), ids, workers);
        double loss = 0;
        for (int row = 0; row < ids.length; row++) {
            loss += BinaryKMeans.hamming(rows, row * dimension, found, ids[row] * dimension, dimension);
        }
        return new KMeans.Result(BinaryCentroids.floats(found), count, loss, sample.count());
    }

    private static Tensor centroids(IvfModel model) {
        return Tensor.of(model.centroids(), model.count(), model.dimension(), model.element().tensorType());
    }

    private static VectorEncoder product(DistanceType metric, PqCodebook codebook, IvfModel model) {
        VectorElement element = model.element();
        Tensor tensor = Tensor.of(
                element.round(codebook.values().clone()), codebook.codewords(), codebook.dimension(), element.tensorType());
        PqCodebook rounded = new PqCodebook(
                codebook.dimension(), codebook.subVectors(), codebook.bits(), tensor.toFloats());
        return new ProductEncoder(metric, rounded, tensor, model);
    }

    /// What was learnt before, as files say it.
    ///
    /// @param tensor of the quantizer, null where it has none
    /// @throws IllegalArgumentException if the parts do not fit each other
    public static VectorTraining restored(
            DistanceType metric,
            IvfPartitions partitions,
            QuantizerMetadata quantizer,
            @Nullable Tensor tensor) {
        Tensor centroids = required(partitions.centroids(), "centroids");
        IvfModel model = IvfModel.of(metric, partitions);
        return new VectorTraining(
                model,
                centroids,
                partitions.loss(),
                encoder(metric, model, quantizer, tensor));
    }

    private static Tensor required(@Nullable Tensor tensor, String what) {
        if (tensor == null) {
            throw new IllegalArgumentException("the " + what + " is missing");
        }
        return tensor;
    }

    private static VectorEncoder encoder(
            DistanceType metric, IvfModel model, QuantizerMetadata quantizer, @Nullable Tensor tensor) {
        if (quantizer.dimension() != model.dimension()) {
            throw new IllegalArgumentException(
                    "a quantizer of dimension " + quantizer.dimension() + ", centroids of " + model.dimension());
        }
        return switch (quantizer) {
            case QuantizerMetadata.Flat(int dimension) -> new FlatEncoder(metric, dimension, model.element());
            case QuantizerMetadata.Scalar(int dimension, int _, double lower, double upper) ->
                new ScalarEncoder(metric, new ScalarQuantizer(lower, upper), dimension);
            case QuantizerMetadata.Product product -> {
                Tensor values = required(tensor, "codebook");
                PqCodebook codebook = new PqCodebook(
                        product.dimension(), product.subVectorCount(), product.bitCount(), values.toFloats());
                yield new ProductEncoder(metric, codebook, values, model);
            }
            case QuantizerMetadata.Rabit rabit -> {
                Rotation rotation = rabit.matrixBuffer() == 0
                        ? new Rotation.Fast(rabit.dimension(), rabit.signs())
                        : new Rotation.Matrix(
                                rabit.dimension(),
                                required(tensor, "rotation").toFloats());
                yield new RabitEncoder(new RabitQuantizer(rotation, rabit.bitCount(), metric), rotation, tensor, model);
            }
        };
    }

    /// The same way to encode around other centroids.
    ///
    /// @param values `float[count * dimension]`
    public VectorTraining withCentroids(DistanceType metric, float[] values, int count) {
        IvfModel changed =
                new IvfModel(metric, model.element(), model.element().round(values.clone()), count, model.dimension());
        QuantizerMetadata quantizer = encoder.metadata(2);
        return new VectorTraining(
                changed, centroids(changed), null, encoder(metric, changed, quantizer, encoder.tensor()));
    }

    /// The same for vectors of other elements.
    public VectorTraining ofElement(DistanceType metric, VectorElement element) {
        if (element == model.element()) {
            return this;
        }
        Tensor tensor = encoder.tensor();
        QuantizerMetadata quantizer = encoder.metadata(2);
        boolean isCodebook = quantizer instanceof QuantizerMetadata.Product;
        int count = model.count();
        return restored(
                metric,
                new IvfPartitions(converted(centroids, element), new long[count], new int[count], loss),
                quantizer,
                tensor == null || !isCodebook ? tensor : converted(tensor, element));
    }

    private static Tensor converted(Tensor tensor, VectorElement element) {
        return Tensor.of(element.round(tensor.toFloats()), tensor.rowCount(), tensor.dimension(), element.tensorType());
    }

    /// Whether rows encoded by one are rows encoded by the other.
    public boolean encodesLike(VectorTraining other) {
        return centroids.equals(other.centroids)
                && encoder.metadata(2).toJson().equals(other.encoder.metadata(2).toJson())
                && Objects.equals(encoder.tensor(), other.encoder.tensor());
    }

    private static VectorEncoder rabit(VectorIndexParameters parameters, IvfModel model) {
        Rotation.Fast rotation = Rotation.random(model.dimension(), parameters.seed());
        RabitQuantizer quantizer =
                new RabitQuantizer(rotation, parameters.effectiveBitCount(), parameters.metric());
        return new RabitEncoder(quantizer, rotation, null, model);
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
            model.assign(rows, count, partitions, workers);
            model.subtractCentroids(rows, count, partitions);
        }
        KMeans.Settings settings = new KMeans.Settings(
                parameters.effectiveIterations(),
                CODEBOOK_TOLERANCE,
                0,
                2 * parameters.effectiveSampleRate(),
                parameters.seed());
        return ProductQuantizer.train(
                rows, count, dimension, parameters.effectiveSubVectorCount(dimension), bits, settings, workers);
    }
}
