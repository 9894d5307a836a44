// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.util.Locale;

import dev.joust.format.UnsupportedFormatException;

/// Kinds of vector indices: partitions around centroids, with or without a graph in each, and how vectors are stored.
public enum VectorIndexKind {
    IVF_FLAT(false, Storage.FLAT),
    IVF_SQ(false, Storage.SQ),
    IVF_PQ(false, Storage.PQ),
    IVF_RQ(false, Storage.RQ),
    IVF_HNSW_FLAT(true, Storage.FLAT),
    IVF_HNSW_SQ(true, Storage.SQ),
    IVF_HNSW_PQ(true, Storage.PQ);

    /// How vectors are stored.
    public enum Storage {
        /// As they are.
        FLAT,
        /// A byte per value.
        SQ,
        /// A code per sub-vector.
        PQ,
        /// Bits of the rotated vector.
        RQ
    }

    private final boolean hasGraph;
    private final Storage storage;

    VectorIndexKind(boolean hasGraph, Storage storage) {
        this.hasGraph = hasGraph;
        this.storage = storage;
    }

    public boolean hasGraph() {
        return hasGraph;
    }

    public Storage storage() {
        return storage;
    }

    /// The kind of that name, as index files and listings have it.
    ///
    /// @throws UnsupportedFormatException naming one that is not known here
    public static VectorIndexKind fromName(String name) {
        for (VectorIndexKind kind : values()) {
            if (kind.name().equals(name.toUpperCase(Locale.ROOT))) {
                return kind;
            }
        }
        throw new UnsupportedFormatException("index kind " + name);
    }
}
