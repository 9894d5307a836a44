// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

/// Inner loops over product-quantized codes (spec: index format B.6). Codes lie column after column: byte b of row r
/// is `codes[start + b * stride + r]`. Tables are one after the other, `[subVectors][codewords]`. Sums of quantized
/// tables fit 16 bits, which whoever makes the tables sees to. Stateless.
public interface PqKernels {
    /// `sums` has room for a multiple of so many rows; rows behind the last one get any value.
    int ROW_BLOCK = 256;

    /// `tables[m * codewords + j]` = the squared L2 distance of sub-vector m of the query to codeword j.
    ///
    /// @param transposed codewords as `[subVectors][subDimension][codewords]`, of which there are 16 or 256
    void l2Tables(float[] query, float[] transposed, int subVectors, int subDimension, int codewords, float[] tables);

    /// `tables[m * codewords + j]` = `start` - the product of sub-vector m of the query and codeword j.
    void dotTables(
            float[] query,
            float[] transposed,
            int subVectors,
            int subDimension,
            int codewords,
            float start,
            float[] tables);

    /// The smallest and the largest entry of each table.
    void ranges(float[] tables, int tableCount, int codewords, float[] minima, float[] maxima);

    /// `quantized[i]` = `(tables[i] - minimum of its table) * inverseStep`, rounded down or less than that by one.
    void quantize(
            float[] tables, int tableCount, int codewords, float[] minima, float inverseStep, byte[] quantized);

    /// `sums[r]` = for each column the entry of its table (of 256) that the byte names, added.
    void sums8(byte[] codes, int start, int stride, int rowCount, int columns, byte[] tables, short[] sums);

    /// The same for codes of 4 bits: for each column the entries of two tables (of 16), of which the low half of the
    /// byte names one of the first, the high half one of the second. Entries are 127 at most.
    ///
    /// @param tables 64 bytes longer than the tables are
    void sums4(byte[] codes, int start, int stride, int rowCount, int columns, byte[] tables, short[] sums);

    /// `values[r]` = `terms[firstTerm + r]` + `step` times `sums[r]`, unsigned, for `count` rows.
    void addScaled(short[] sums, int count, float step, float[] terms, int firstTerm, float[] values);

    /// Sets bit r of `bits` where `sums[r]`, unsigned, is at most `limit`; clears others, up to a multiple of 64.
    void selectAtMost(short[] sums, int count, int limit, long[] bits);
}
