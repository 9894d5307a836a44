// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.index.QuantizerMetadata;
import dev.joust.format.index.Tensor;
import dev.joust.format.schema.Field;
import dev.joust.index.internal.vector.hnsw.HnswRows;

/// Turns vectors into what an index stores of them. Thread-safe.
public interface VectorEncoder {
    /// Bytes of an encoded row.
    int rowBytes();

    /// As the other, of rows that may be known more exactly. Values may be changed.
    default void encode(VectorRows rows, int[] partitions, byte[] target, Workers workers) {
        encode(rows.values(), rows.count(), partitions, target, workers);
    }

    /// Fills `rowCount * rowBytes` bytes, row after row.
    ///
    /// @param partitions of the rows
    void encode(float[] rows, int rowCount, int[] partitions, byte[] target, Workers workers);

    /// Columns that hold encoded rows in `auxiliary.idx`.
    List<Field> fields();

    /// Whether rows of a partition can be written some at a time, rather than all at once.
    boolean isByRow();

    /// Encoded rows as these columns have them.
    ///
    /// @param rows `byte[rowCount * rowBytes]` from `start` on
    List<ColumnBuffers> columns(List<Field> fields, byte[] rows, int start, int rowCount, BufferSource memory);

    /// The way back from {@link #columns}: the rows of a whole partition, row after row.
    ///
    /// @param stored how the file has them
    byte[] rows(Batch partition, QuantizerMetadata stored);

    /// What the file says about its rows.
    ///
    /// @param tensorBuffer number of the buffer that holds the tensor
    QuantizerMetadata metadata(int tensorBuffer);

    /// What goes into a buffer of the file; null if there is nothing.
    default @Nullable Tensor tensor() {
        return null;
    }

    /// Encoded rows as nodes of a graph.
    HnswRows nodes(byte[] rows, int rowCount);
}
