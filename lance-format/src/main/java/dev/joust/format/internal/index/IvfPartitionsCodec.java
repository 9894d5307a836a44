// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.index;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.index.IvfPartitions;
import dev.joust.format.index.Tensor;
import dev.joust.format.internal.proto.index.IVF;
import dev.joust.format.table.Bytes;
import dev.joust.io.ObjectPath;

/// {@link IvfPartitions} and {@link Tensor} from and to their messages.
public final class IvfPartitionsCodec {
    private static final String STRUCTURE = "partitions";

    private IvfPartitionsCodec() {}

    public static IvfPartitions parse(ObjectPath file, long offsetInFile, byte[] bytes) {
        try {
            IVF message = IVF.parseFrom(bytes);
            int[] lengths = new int[message.getLengthsCount()];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = message.getLengths(i);
                if (lengths[i] < 0) {
                    throw new IllegalArgumentException(
                            "partition " + i + " of " + Integer.toUnsignedString(lengths[i]) + " rows");
                }
            }
            long[] offsets = offsets(message, lengths);
            Tensor centroids = centroids(message, lengths.length);
            return new IvfPartitions(centroids, offsets, lengths, message.hasLoss() ? message.getLoss() : null);
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptFileException(file, offsetInFile, STRUCTURE, "is not a message: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, offsetInFile, STRUCTURE, String.valueOf(e.getMessage()));
        }
    }

    private static long[] offsets(IVF message, int[] lengths) {
        long[] offsets = new long[lengths.length];
        if (message.getOffsetsCount() == 0) {
            for (int i = 1; i < offsets.length; i++) {
                offsets[i] = offsets[i - 1] + lengths[i - 1];
            }
            return offsets;
        }
        if (message.getOffsetsCount() != lengths.length) {
            throw new IllegalArgumentException(message.getOffsetsCount() + " offsets for " + lengths.length + " lengths");
        }
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = message.getOffsets(i);
        }
        return offsets;
    }

    private static @Nullable Tensor centroids(IVF message, int count) {
        if (!message.hasCentroidsTensor()) {
            if (message.getCentroidsCount() == 0) {
                return null;
            }
            float[] values = new float[message.getCentroidsCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = message.getCentroids(i);
            }
            if (count == 0 || values.length % count != 0) {
                throw new IllegalArgumentException(values.length + " values of centroids for " + count + " partitions");
            }
            return Tensor.of(values, count, values.length / count);
        }
        Tensor centroids = fromMessage(message.getCentroidsTensor());
        if (centroids.rowCount() != count) {
            throw new IllegalArgumentException(centroids.rowCount() + " centroids for " + count + " partitions");
        }
        return centroids;
    }

    public static byte[] toBytes(IvfPartitions partitions) {
        IVF.Builder message = IVF.newBuilder();
        for (long offset : partitions.offsets()) {
            message.addOffsets(offset);
        }
        for (int length : partitions.lengths()) {
            message.addLengths(length);
        }
        if (partitions.centroids() != null) {
            message.setCentroidsTensor(toMessage(partitions.centroids()));
        }
        if (partitions.loss() != null) {
            message.setLoss(partitions.loss());
        }
        return message.build().toByteArray();
    }

    /// A tensor that is a buffer of its own: a codebook.
    ///
    /// @throws CorruptFileException if the bytes are none
    public static Tensor parseTensor(ObjectPath file, long offsetInFile, byte[] bytes) {
        try {
            return fromMessage(dev.joust.format.internal.proto.index.Tensor.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptFileException(file, offsetInFile, "tensor", "is not a message: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, offsetInFile, "tensor", String.valueOf(e.getMessage()));
        }
    }

    public static byte[] tensorToBytes(Tensor tensor) {
        return toMessage(tensor).toByteArray();
    }

    private static Tensor fromMessage(dev.joust.format.internal.proto.index.Tensor message) {
        if (message.getShapeCount() != 2) {
            throw new IllegalArgumentException("a tensor of " + message.getShapeCount() + " dimensions, 2 are expected");
        }
        for (Tensor.ElementType type : Tensor.ElementType.values()) {
            if (type.code() == message.getDataTypeValue()) {
                return new Tensor(
                        type, message.getShape(0), message.getShape(1), Bytes.of(message.getData().toByteArray()));
            }
        }
        throw new IllegalArgumentException("a tensor of data type " + message.getDataTypeValue());
    }

    private static dev.joust.format.internal.proto.index.Tensor toMessage(Tensor tensor) {
        return dev.joust.format.internal.proto.index.Tensor.newBuilder()
                .setDataTypeValue(tensor.type().code())
                .addShape(tensor.rowCount())
                .addShape(tensor.dimension())
                .setData(ByteString.copyFrom(tensor.data().toByteArray()))
                .build();
    }
}
