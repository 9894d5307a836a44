// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.index.DistanceType;
import dev.joust.index.TopK;
import dev.joust.index.VectorElement;
import dev.joust.index.internal.vector.hnsw.HnswRows;
import dev.joust.index.internal.vector.hnsw.PqRows;
import dev.joust.index.internal.vector.pq.PqCodebook;
import dev.joust.index.internal.vector.pq.PqCodes;
import dev.joust.index.internal.vector.pq.PqScan;
import dev.joust.index.internal.vector.pq.ProductQuantizer;
import dev.joust.index.internal.vector.pq.ProductScan;
import dev.joust.index.internal.vector.pq.ResidualTerms;

/// Codes of sub-vectors: of what a vector is away from its centroid for L2 and cosine, of itself for dot
/// (spec: index format B.6).
final class ProductStorage implements VectorStorage {
    static final String COLUMN = "__pq_code";

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private final DistanceType type;
    private final PqCodebook codebook;
    private final boolean transposed;
    private final IvfModel model;
    private volatile @Nullable ResidualTerms terms;

    /// Scans that wait for the next search: their tables take longer to allocate than to fill. As many as there are
    /// processors.
    private final BlockingQueue<PqScan> singles = new ArrayBlockingQueue<>(PROCESSORS);

    private final BlockingQueue<ProductScan> joints = new ArrayBlockingQueue<>(PROCESSORS);

    /// @param transposed whether the file has the codes of a partition column by column
    ProductStorage(DistanceType type, PqCodebook codebook, boolean transposed, IvfModel model) {
        this.type = type == DistanceType.DOT ? DistanceType.DOT : DistanceType.L2;
        this.codebook = codebook;
        this.transposed = transposed;
        this.model = model;
    }

    /// A partition's codes. What is known of its rows before any query is worked out when it is searched again and again: that
    /// takes longer than a search does, in a process that has just begun by far.
    private static final class Codes implements Vectors {
        private static final int SEARCHES_BEFORE = 3;

        private final PqCodes codes;
        /// Some may be lost where searches meet.
        private volatile int searches;

        private volatile float @Nullable [] ofRows;

        Codes(PqCodes codes) {
            this.codes = codes;
        }

        @Override
        public long sizeBytes() {
            return codes.bytes().length + 4L * codes.rowCount();
        }

        /// @return null for the first searches
        float @Nullable [] ofRows(ProductStorage storage, int partitionId) {
            float[] known = ofRows;
            int before = searches;
            if (known == null && before < SEARCHES_BEFORE) {
                searches = before + 1;
            } else if (known == null) {
                known = storage.terms().ofRows(partitionId, codes);
                ofRows = known;
            }
            return known;
        }
    }

    @Override
    public List<String> columns() {
        return List.of(COLUMN);
    }

    @Override
    public Vectors read(Batch rows) {
        int columns = codebook.codeBytes();
        byte[] bytes = CodeColumns.bytes(rows, COLUMN, columns, PqCodes.PADDING_BYTES);
        return new Codes(
                transposed
                        ? new PqCodes(bytes, 0, rows.rowCount(), columns)
                        : PqCodes.transposed(bytes, 0, rows.rowCount(), columns));
    }

    private ResidualTerms terms() {
        ResidualTerms known = terms;
        if (known == null) {
            known = new ResidualTerms(codebook, model.centroids(), model.count());
            terms = known;
        }
        return known;
    }

    @Override
    public Scan scan(float[] query) {
        return new CodeScan(query);
    }

    /// Takes the scans it needs from those that wait, and gives them back.
    private final class CodeScan implements Scan {
        private final float[] query;
        private final boolean isDot = type == DistanceType.DOT;
        private @Nullable PqScan single;
        private @Nullable ProductScan joint;

        CodeScan(float[] query) {
            this.query = query;
        }

        @Override
        public void search(
                int partitionId, Vectors vectors, long[] rowIds, long @Nullable [] mask, float lower, float upper, TopK nearest) {
            Codes codes = (Codes) vectors;
            float[] ofRows = isDot || model.element() == VectorElement.FLOAT16 ? null : codes.ofRows(ProductStorage.this, partitionId);
            if (ofRows != null) {
                joint().search(partitionId, codes.codes, ofRows, rowIds, mask, lower, upper, nearest);
                return;
            }
            PqScan scan = single();
            if (!isDot) {
                scan.target(target(partitionId));
            }
            scan.search(codes.codes, rowIds, 0, mask, lower, upper, nearest);
        }

        private PqScan single() {
            PqScan known = single;
            if (known == null) {
                PqScan waiting = singles.poll();
                known = waiting == null ? new PqScan(codebook, type) : waiting;
                single = known;
                if (isDot) {
                    known.target(query);
                }
            }
            return known;
        }

        private ProductScan joint() {
            ProductScan known = joint;
            if (known == null) {
                ProductScan waiting = joints.poll();
                known = waiting == null ? new ProductScan(terms()) : waiting;
                joint = known;
                known.query(query);
            }
            return known;
        }

        @Override
        public float[] target(int partitionId) {
            return isDot ? query : model.residual(query, partitionId);
        }

        @Override
        public void close() {
            if (single != null) {
                boolean _ = singles.offer(single); // where enough wait, this one goes
                single = null;
            }
            if (joint != null) {
                boolean _ = joints.offer(joint);
                joint = null;
            }
        }
    }

    @Override
    public HnswRows nodes(Vectors vectors) {
        PqCodes codes = ((Codes) vectors).codes;
        byte[] rowMajor = new byte[codes.rowCount() * codes.columns()];
        ProductQuantizer.transposeBack(codes.bytes(), codes.start(), codes.rowCount(), codes.columns(), rowMajor, 0);
        return new PqRows(rowMajor, codes.rowCount(), codebook, type);
    }
}
