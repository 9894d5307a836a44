// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.List;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.index.QuantizerMetadata;
import dev.joust.format.index.Tensor;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.index.DistanceType;
import dev.joust.index.internal.vector.hnsw.HnswRows;
import dev.joust.index.internal.vector.hnsw.PqRows;
import dev.joust.index.internal.vector.pq.PqCodebook;
import dev.joust.index.internal.vector.pq.ProductQuantizer;

/// A code for each sub-vector, of what a vector is away from its centroid; of itself, for dot. Codes of a partition are
/// written column by column.
final class ProductEncoder implements VectorEncoder {
    private final DistanceType metric;
    private final ProductQuantizer quantizer;
    private final IvfModel model;
    private final Tensor tensor;

    /// @param tensor the codebook as files have it
    ProductEncoder(DistanceType metric, PqCodebook codebook, Tensor tensor, IvfModel model) {
        this.metric = metric;
        this.tensor = tensor;
        this.quantizer = new ProductQuantizer(codebook);
        this.model = model;
    }

    private PqCodebook codebook() {
        return quantizer.codebook();
    }

    @Override
    public int rowBytes() {
        return codebook().codeBytes();
    }

    @Override
    public void encode(float[] rows, int rowCount, int[] partitions, byte[] target, Workers workers) {
        if (metric != DistanceType.DOT) {
            model.subtractCentroids(rows, rowCount, partitions);
        }
        quantizer.encode(rows, 0, rowCount, target, 0, workers);
    }

    @Override
    public List<Field> fields() {
        return List.of(Field.required(
                ProductStorage.COLUMN, new LogicalType.FixedSizeList(new LogicalType.Int(Byte.SIZE, false), rowBytes())));
    }

    @Override
    public boolean isByRow() {
        return false;
    }

    @Override
    public List<ColumnBuffers> columns(List<Field> fields, byte[] rows, int start, int rowCount, BufferSource memory) {
        byte[] turned = new byte[rowCount * rowBytes()];
        ProductQuantizer.transpose(rows, start, rowCount, rowBytes(), turned, 0);
        return List.of(CodeColumns.column(fields.getFirst(), turned, 0, rowCount, rowBytes(), rowBytes(), memory));
    }

    @Override
    public byte[] rows(Batch partition, QuantizerMetadata stored) {
        byte[] codes = CodeColumns.bytes(partition, ProductStorage.COLUMN, rowBytes(), 0);
        if (!(stored instanceof QuantizerMetadata.Product product) || !product.transposed()) {
            return codes;
        }
        byte[] rows = new byte[codes.length];
        ProductQuantizer.transposeBack(codes, 0, partition.rowCount(), rowBytes(), rows, 0);
        return rows;
    }

    @Override
    public QuantizerMetadata metadata(int tensorBuffer) {
        return new QuantizerMetadata.Product(
                codebook().dimension(), codebook().bits(), codebook().subVectors(), tensorBuffer, true);
    }

    @Override
    public Tensor tensor() {
        return tensor;
    }

    @Override
    public HnswRows nodes(byte[] rows, int rowCount) {
        return new PqRows(rows, rowCount, codebook(), metric == DistanceType.DOT ? DistanceType.DOT : DistanceType.L2);
    }
}
