// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.index.TopK;
import dev.joust.index.internal.vector.hnsw.HnswRows;

/// How an index stores vectors and compares them with a query. One per opened index, shared by all searches.
public interface VectorStorage {
    /// A partition's vectors.
    interface Vectors {
        long sizeBytes();
    }

    /// Columns of `auxiliary.idx` that hold them.
    List<String> columns();

    /// A partition's vectors out of the file's rows, which are all of the partition.
    Vectors read(Batch rows);

    /// Starts a search.
    ///
    /// @param query as the index compares: of length 1 for cosine
    Scan scan(float[] query);

    /// Finds the nearest of partitions, one after the other, until it is closed. Not thread-safe.
    interface Scan extends AutoCloseable {
        /// Offers the rows of a partition that count.
        ///
        /// @param mask  bit r % 64 of word r / 64 set for each row that counts; null if all do
        /// @param lower distances from here on count, up to but without `upper`
        void search(
                int partitionId, Vectors vectors, long[] rowIds, long @Nullable [] mask, float lower, float upper, TopK nearest);

        /// What rows of a graph over the partition are compared with.
        float[] target(int partitionId);

        /// Leaves to the next search what that may use.
        @Override
        default void close() {}
    }

    /// A partition's vectors as the nodes of its graph.
    HnswRows nodes(Vectors vectors);
}
