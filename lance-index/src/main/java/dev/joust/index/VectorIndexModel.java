// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.index.IvfPartitions;
import dev.joust.format.index.QuantizerMetadata;
import dev.joust.format.index.Tensor;
import dev.joust.format.index.VectorIndexDetails;
import dev.joust.format.table.Bytes;
import dev.joust.index.internal.vector.VectorTraining;
import dev.joust.io.ObjectPath;

/// What is learnt from a sample of vectors before an index is built: centroids, and a codebook, bounds or a rotation.
/// Segments that are built with one model, anywhere, can be merged without a look at the vectors. Immutable, thread-safe.
///
/// As bytes, big-endian: `u32` magic "JVIM", `u32` version 1, then four parts, each a `u32`
/// length and so many bytes: the index's details, the partitions with their centroids, the text on the quantizer, and
/// its tensor, which may be empty; the last three as index files have them (spec: index format A.2, B.1).
public final class VectorIndexModel {
    private static final int MAGIC = 0x4A56494D;
    private static final int FORMAT = 1;
    /// Of the one tensor of a quantizer.
    private static final int TENSOR = 2;

    private static final ObjectPath NAME = ObjectPath.of("model");

    private final VectorIndexParameters parameters;
    private final VectorTraining training;

    VectorIndexModel(VectorIndexParameters parameters, VectorTraining training) {
        this.parameters = parameters;
        this.training = training;
    }

    /// A model of IVF_FLAT or IVF_HNSW_FLAT, or of IVF_PQ or IVF_HNSW_PQ, out of numbers that came from elsewhere.
    ///
    /// @param centroids `float[partitions * dimension]`; of length 1 is for cosine what it works with
    /// @param codebook  `float[subVectors][2^bits][dimension / subVectors]`, as index files have it; null for flat kinds
    /// @throws IllegalArgumentException if the numbers do not fit each other
    public static VectorIndexModel of(
            VectorIndexParameters parameters, int dimension, float[] centroids, float @Nullable [] codebook) {
        if (dimension < 1 || centroids.length == 0 || centroids.length % dimension != 0) {
            throw new IllegalArgumentException(centroids.length + " elements of centroids of dimension " + dimension);
        }
        int count = centroids.length / dimension;
        var partitions = new IvfPartitions(
                Tensor.of(centroids, count, dimension), new long[count], new int[count], null);
        boolean isProduct = parameters.kind().storage() == VectorIndexKind.Storage.PQ;
        if (isProduct != (codebook != null) || (!isProduct && parameters.kind().storage() != VectorIndexKind.Storage.FLAT)) {
            throw new IllegalArgumentException("a model of " + parameters.kind() + (codebook == null ? " without" : " with")
                    + " a codebook can't be made of numbers");
        }
        int bits = parameters.effectiveBitCount();
        QuantizerMetadata quantizer = codebook == null
                ? new QuantizerMetadata.Flat(dimension)
                : new QuantizerMetadata.Product(
                        dimension, bits, parameters.effectiveSubVectorCount(dimension), TENSOR, true);
        Tensor tensor = codebook == null ? null : Tensor.of(codebook, 1 << bits, dimension);
        return new VectorIndexModel(
                parameters, VectorTraining.restored(parameters.metric(), partitions, quantizer, tensor));
    }

    /// What the segment was built with.
    static VectorIndexModel of(VectorIndex index, VectorIndexDetails details) throws IOException {
        return new VectorIndexModel(
                VectorIndexParameters.of(index.kind(), index.metric(), details), index.training());
    }

    public VectorIndexKind kind() {
        return parameters.kind();
    }

    public DistanceType metric() {
        return parameters.metric();
    }

    /// How the index is built.
    public VectorIndexParameters parameters() {
        return parameters;
    }

    public int dimension() {
        return training.model().dimension();
    }

    public int partitionCount() {
        return training.model().count();
    }

    /// `float[partitionCount * dimension]`, a copy.
    public float[] centroids() {
        return training.centroids().toFloats();
    }

    /// `float[subVectors][2^bits][dimension / subVectors]` of a product quantizer, a copy; else null.
    public float @Nullable [] codebook() {
        Tensor tensor = training.encoder().tensor();
        return tensor == null || kind().storage() != VectorIndexKind.Storage.PQ ? null : tensor.toFloats();
    }

    VectorTraining training() {
        return training;
    }

    /// To be sent to whoever builds segments.
    public byte[] toBytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(FORMAT);
            write(out, parameters.details(dimension()).toBytes().toByteArray());
            int count = partitionCount();
            write(out, new IvfPartitions(training.centroids(), new long[count], new int[count], training.loss()).toBytes());
            write(out, training.encoder().metadata(TENSOR).toJson().getBytes(StandardCharsets.UTF_8));
            Tensor tensor = training.encoder().tensor();
            write(out, tensor == null ? new byte[0] : QuantizerMetadata.tensorBuffer(tensor));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte[] part) throws IOException {
        out.writeInt(part.length);
        out.write(part);
    }

    /// @throws IllegalArgumentException if the bytes are none of {@link #toBytes}
    public static VectorIndexModel parse(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != MAGIC || in.readInt() != FORMAT) {
                throw new IllegalArgumentException("the bytes are no model of a vector index");
            }
            VectorIndexDetails details = VectorIndexDetails.parse(Bytes.of(read(in)));
            IvfPartitions partitions = IvfPartitions.parse(NAME, 0, read(in));
            String text = new String(read(in), StandardCharsets.UTF_8);
            byte[] tensor = read(in);
            VectorIndexKind kind = VectorIndexKind.fromName(details.kind());
            DistanceType metric = DistanceType.fromCode(details.metric());
            VectorTraining training = VectorTraining.restored(
                    metric,
                    partitions,
                    QuantizerMetadata.parse(NAME, kind.name(), text),
                    tensor.length == 0 ? null : QuantizerMetadata.tensor(NAME, tensor));
            return new VectorIndexModel(VectorIndexParameters.of(kind, metric, details), training);
        } catch (IOException | CorruptFileException e) {
            throw new IllegalArgumentException("the bytes are no model of a vector index: " + e.getMessage(), e);
        }
    }

    private static byte[] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IllegalArgumentException("the bytes of a model end too early");
        }
        return in.readNBytes(length);
    }

    @Override
    public String toString() {
        return kind() + " " + metric().code() + ", " + partitionCount() + " centroids of " + dimension() + " dimensions";
    }
}
