// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.index;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.index.VectorIndexDetailsCodec;
import dev.joust.format.table.Bytes;

/// What a manifest says about a vector index (spec: index format A.2).
///
/// @param metric              `l2`, `cosine`, `dot` or `hamming`
/// @param targetPartitionSize rows that a partition should have, 0 where nothing is asked for
/// @param hnsw                null for indices without graphs
/// @param runtimeHints        how it was built, for whoever builds it anew: `lance.ivf.max_iters`
public record VectorIndexDetails(
        String metric, long targetPartitionSize, @Nullable Hnsw hnsw, Compression compression, Map<String, String> runtimeHints) {
    public static final String TYPE_URL = "/lance.index.pb.VectorIndexDetails";

    public VectorIndexDetails {
        runtimeHints = Map.copyOf(runtimeHints);
    }

    /// How its graphs are built.
    ///
    /// @param maxConnections of a node, twice as many on the lowest level
    public record Hnsw(int maxConnections, int constructionEf, int maxLevel) {}

    /// How its vectors are stored.
    public sealed interface Compression {}

    /// As they are.
    public record Flat() implements Compression {}

    /// Product quantizer.
    public record Product(int bitCount, int subVectorCount) implements Compression {}

    /// Scalar quantizer.
    public record Scalar(int bitCount) implements Compression {}

    /// RaBitQ.
    ///
    /// @param matrixRotation whether it rotates by a matrix rather than by signs and Hadamard transforms
    public record Rabit(int bitCount, boolean matrixRotation) implements Compression {}

    /// One that is not known here.
    public record Unknown() implements Compression {}

    /// Whether the type URL of an index's details says that it is one of vectors.
    public static boolean isVectorIndex(@Nullable String typeUrl) {
        return typeUrl != null && typeUrl.substring(typeUrl.lastIndexOf('/') + 1).equalsIgnoreCase(TYPE_URL.substring(1));
    }

    /// @throws IllegalArgumentException if the bytes are no such message
    public static VectorIndexDetails parse(Bytes message) {
        return VectorIndexDetailsCodec.parse(message);
    }

    public Bytes toBytes() {
        return VectorIndexDetailsCodec.toBytes(this);
    }

    /// The kind, as listings and index files name it: `IVF_HNSW_SQ`.
    public String kind() {
        String quantizer = switch (compression) {
            case Flat _ -> "FLAT";
            case Product _ -> "PQ";
            case Scalar _ -> "SQ";
            case Rabit _ -> "RQ";
            case Unknown _ -> "UNKNOWN";
        };
        return hnsw == null ? "IVF_" + quantizer : "IVF_HNSW_" + quantizer;
    }
}
