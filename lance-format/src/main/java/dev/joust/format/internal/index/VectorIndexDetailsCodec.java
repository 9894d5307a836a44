// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.index;

import java.util.Locale;

import com.google.protobuf.InvalidProtocolBufferException;

import dev.joust.format.index.VectorIndexDetails;
import dev.joust.format.internal.file.MapEntriesCodec;
import dev.joust.format.internal.proto.index.VectorIndexDetails.FlatCompression;
import dev.joust.format.internal.proto.index.VectorIndexDetails.HnswIndexDetails;
import dev.joust.format.internal.proto.index.VectorIndexDetails.ProductQuantization;
import dev.joust.format.internal.proto.index.VectorIndexDetails.RabitQuantization;
import dev.joust.format.internal.proto.index.VectorIndexDetails.ScalarQuantization;
import dev.joust.format.internal.proto.index.VectorIndexDetails.VectorMetricType;
import dev.joust.format.table.Bytes;

/// {@link VectorIndexDetails} from and to its message.
public final class VectorIndexDetailsCodec {
    private VectorIndexDetailsCodec() {}

    public static VectorIndexDetails parse(Bytes bytes) {
        try {
            var message = dev.joust.format.internal.proto.index.VectorIndexDetails.parseFrom(bytes.toByteArray());
            VectorIndexDetails.Hnsw hnsw = message.hasHnswIndexConfig()
                    ? new VectorIndexDetails.Hnsw(
                            message.getHnswIndexConfig().getMaxConnections(),
                            message.getHnswIndexConfig().getConstructionEf(),
                            message.getHnswIndexConfig().getMaxLevel())
                    : null;
            VectorIndexDetails.Compression compression = switch (message.getCompressionCase()) {
                case PQ -> new VectorIndexDetails.Product(
                        message.getPq().getNumBits(), message.getPq().getNumSubVectors());
                case SQ -> new VectorIndexDetails.Scalar(message.getSq().getNumBits());
                case RQ -> new VectorIndexDetails.Rabit(
                        message.getRq().getNumBits(),
                        message.getRq().getRotationType() != RabitQuantization.RotationType.FAST);
                case FLAT -> new VectorIndexDetails.Flat();
                case COMPRESSION_NOT_SET -> new VectorIndexDetails.Unknown();
            };
            return new VectorIndexDetails(
                    metric(message.getMetricType(), message.getMetricTypeValue()),
                    message.getTargetPartitionSize(),
                    hnsw,
                    compression,
                    MapEntriesCodec.text(message.getRuntimeHintsList()));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("details of a vector index are not a message: " + e.getMessage(), e);
        }
    }

    private static String metric(VectorMetricType type, int code) {
        return type == VectorMetricType.UNRECOGNIZED ? "metric " + code : type.name().toLowerCase(Locale.ROOT);
    }

    public static Bytes toBytes(VectorIndexDetails details) {
        var message = dev.joust.format.internal.proto.index.VectorIndexDetails.newBuilder()
                .setTargetPartitionSize(details.targetPartitionSize())
                .addAllRuntimeHints(MapEntriesCodec.ofText(details.runtimeHints()));
        for (VectorMetricType type : VectorMetricType.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(details.metric())) {
                message.setMetricType(type);
            }
        }
        if (details.hnsw() != null) {
            message.setHnswIndexConfig(HnswIndexDetails.newBuilder()
                    .setMaxConnections(details.hnsw().maxConnections())
                    .setConstructionEf(details.hnsw().constructionEf())
                    .setMaxLevel(details.hnsw().maxLevel()));
        }
        switch (details.compression()) {
            case VectorIndexDetails.Flat _ -> message.setFlat(FlatCompression.getDefaultInstance());
            case VectorIndexDetails.Product(int bits, int subVectors) -> message.setPq(
                    ProductQuantization.newBuilder().setNumBits(bits).setNumSubVectors(subVectors));
            case VectorIndexDetails.Scalar(int bits) ->
                message.setSq(ScalarQuantization.newBuilder().setNumBits(bits));
            case VectorIndexDetails.Rabit(int bits, boolean matrix) -> message.setRq(RabitQuantization.newBuilder()
                    .setNumBits(bits)
                    .setRotationType(matrix ? RabitQuantization.RotationType.MATRIX : RabitQuantization.RotationType.FAST));
            case VectorIndexDetails.Unknown _ -> throw new IllegalArgumentException("an index of no kind known here");
        }
        return Bytes.of(message.build().toByteArray());
    }
}
