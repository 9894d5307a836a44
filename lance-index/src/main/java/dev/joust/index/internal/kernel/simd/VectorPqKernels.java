// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

import dev.joust.index.internal.kernel.PqKernels;
import dev.joust.index.internal.kernel.ScalarPqKernels;

/// The kernels by the Vector API. Quantized tables are held in registers: the 256 bytes of an 8-bit table are four
/// vectors of 64, of which two permutes look 64 codes up at once; a 4-bit table stands four times in one vector. Sums of
/// 16 bits are kept of even and of odd rows: seen as shorts, a vector of bytes adds `even + 256 * odd`, and its upper
/// bytes alone the odd ones. Vectors narrower than 512 bits would need more permutes than they save: there sums and
/// quantized tables are scalar. The bodies call no method of ours.
public final class VectorPqKernels implements PqKernels {
    private static final boolean WIDE = VectorShape.preferredShape().vectorBitSize() >= 512;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> WIDE_FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;
    private static final VectorSpecies<Short> FEW_SHORTS = ShortVector.SPECIES_256;
    private static final int LANES = FLOATS.length();
    private static final int FOUR_VECTORS = 4 * LANES;
    private static final int STEP = 64;
    private static final int SMALL_STEP_ROWS = 96;
    private static final float TWO_TO_23 = 0x1p23f;
    private static final int HALF = 32;

    /// Even rows come from the first vector, odd ones from the second.
    private static final ShortVector FIRST_ROWS = interleaved(0);

    private static final ShortVector LAST_ROWS = interleaved(HALF / 2);
    private static final ByteVector LANES_OF_16 =
            (ByteVector) BYTES.broadcast(0).addIndex(1).lanewise(VectorOperators.AND, 15);

    private final ScalarPqKernels scalar = new ScalarPqKernels();

    private static ShortVector interleaved(int first) {
        short[] lanes = new short[HALF];
        for (int i = 0; i < HALF; i++) {
            lanes[i] = (short) (first + i / 2 + HALF * (i & 1));
        }
        return ShortVector.fromArray(SHORTS, lanes, 0);
    }

    @Override
    public void l2Tables(
            float[] query, float[] transposed, int subVectors, int subDimension, int codewords, float[] tables) {
        if (codewords < LANES) {
            scalar.l2Tables(query, transposed, subVectors, subDimension, codewords, tables);
            return;
        }
        int last = codewords - FOUR_VECTORS;
        for (int m = 0; m < subVectors; m++) {
            int first = m * subDimension;
            int j = 0;
            for (; j <= last; j += FOUR_VECTORS) {
                FloatVector sum0 = FloatVector.zero(FLOATS);
                FloatVector sum1 = FloatVector.zero(FLOATS);
                FloatVector sum2 = FloatVector.zero(FLOATS);
                FloatVector sum3 = FloatVector.zero(FLOATS);
                for (int i = first; i < first + subDimension; i++) {
                    FloatVector q = FloatVector.broadcast(FLOATS, query[i]);
                    int at = i * codewords + j;
                    FloatVector t0 =
                            FloatVector.fromArray(FLOATS, transposed, at).sub(q);
                    FloatVector t1 =
                            FloatVector.fromArray(FLOATS, transposed, at + LANES).sub(q);
                    FloatVector t2 =
                            FloatVector.fromArray(FLOATS, transposed, at + 2 * LANES).sub(q);
                    FloatVector t3 =
                            FloatVector.fromArray(FLOATS, transposed, at + 3 * LANES).sub(q);
                    sum0 = t0.fma(t0, sum0);
                    sum1 = t1.fma(t1, sum1);
                    sum2 = t2.fma(t2, sum2);
                    sum3 = t3.fma(t3, sum3);
                }
                sum0.intoArray(tables, m * codewords + j);
                sum1.intoArray(tables, m * codewords + j + LANES);
                sum2.intoArray(tables, m * codewords + j + 2 * LANES);
                sum3.intoArray(tables, m * codewords + j + 3 * LANES);
            }
            for (; j < codewords; j += LANES) {
                FloatVector sum0 = FloatVector.zero(FLOATS);
                for (int i = first; i < first + subDimension; i++) {
                    FloatVector q = FloatVector.broadcast(FLOATS, query[i]);
                    int at = i * codewords + j;
                    FloatVector t0 =
                            FloatVector.fromArray(FLOATS, transposed, at).sub(q);
                    sum0 = t0.fma(t0, sum0);
                }
                sum0.intoArray(tables, m * codewords + j);
            }
        }
    }

    @Override
    public void dotTables(
            float[] query,
            float[] transposed,
            int subVectors,
            int subDimension,
            int codewords,
            float start,
            float[] tables) {
        if (codewords < LANES) {
            scalar.dotTables(query, transposed, subVectors, subDimension, codewords, start, tables);
            return;
        }
        int last = codewords - FOUR_VECTORS;
        for (int m = 0; m < subVectors; m++) {
            int first = m * subDimension;
            int j = 0;
            for (; j <= last; j += FOUR_VECTORS) {
                FloatVector sum0 = FloatVector.broadcast(FLOATS, start);
                FloatVector sum1 = FloatVector.broadcast(FLOATS, start);
                FloatVector sum2 = FloatVector.broadcast(FLOATS, start);
                FloatVector sum3 = FloatVector.broadcast(FLOATS, start);
                for (int i = first; i < first + subDimension; i++) {
                    FloatVector q = FloatVector.broadcast(FLOATS, -query[i]);
                    int at = i * codewords + j;
                    FloatVector t0 = FloatVector.fromArray(FLOATS, transposed, at);
                    FloatVector t1 = FloatVector.fromArray(FLOATS, transposed, at + LANES);
                    FloatVector t2 = FloatVector.fromArray(FLOATS, transposed, at + 2 * LANES);
                    FloatVector t3 = FloatVector.fromArray(FLOATS, transposed, at + 3 * LANES);
                    sum0 = t0.fma(q, sum0);
                    sum1 = t1.fma(q, sum1);
                    sum2 = t2.fma(q, sum2);
                    sum3 = t3.fma(q, sum3);
                }
                sum0.intoArray(tables, m * codewords + j);
                sum1.intoArray(tables, m * codewords + j + LANES);
                sum2.intoArray(tables, m * codewords + j + 2 * LANES);
                sum3.intoArray(tables, m * codewords + j + 3 * LANES);
            }
            for (; j < codewords; j += LANES) {
                FloatVector sum0 = FloatVector.broadcast(FLOATS, start);
                for (int i = first; i < first + subDimension; i++) {
                    FloatVector q = FloatVector.broadcast(FLOATS, -query[i]);
                    int at = i * codewords + j;
                    FloatVector t0 = FloatVector.fromArray(FLOATS, transposed, at);
                    sum0 = t0.fma(q, sum0);
                }
                sum0.intoArray(tables, m * codewords + j);
            }
        }
    }

    @Override
    public void ranges(float[] tables, int tableCount, int codewords, float[] minima, float[] maxima) {
        if (codewords < LANES) {
            scalar.ranges(tables, tableCount, codewords, minima, maxima);
            return;
        }
        for (int m = 0; m < tableCount; m++) {
            FloatVector min = FloatVector.fromArray(FLOATS, tables, m * codewords);
            FloatVector max = min;
            for (int j = m * codewords + LANES; j < (m + 1) * codewords; j += LANES) {
                FloatVector values = FloatVector.fromArray(FLOATS, tables, j);
                min = min.min(values);
                max = max.max(values);
            }
            minima[m] = min.reduceLanes(VectorOperators.MIN);
            maxima[m] = max.reduceLanes(VectorOperators.MAX);
        }
    }

    @Override
    public void quantize(
            float[] tables, int tableCount, int codewords, float[] minima, float inverseStep, byte[] quantized) {
        if (!WIDE) {
            scalar.quantize(tables, tableCount, codewords, minima, inverseStep, quantized);
            return;
        }
        FloatVector step = FloatVector.broadcast(WIDE_FLOATS, inverseStep);
        FloatVector minusHalf = FloatVector.broadcast(WIDE_FLOATS, -0.5f);
        for (int m = 0; m < tableCount; m++) {
            FloatVector min = FloatVector.broadcast(WIDE_FLOATS, minima[m]);
            for (int j = m * codewords; j < (m + 1) * codewords; j += 16) {
                FloatVector.fromArray(WIDE_FLOATS, tables, j)
                        .sub(min)
                        .fma(step, minusHalf)
                        .max(0f)
                        .add(TWO_TO_23)
                        .reinterpretAsInts()
                        .convertShape(VectorOperators.I2B, ByteVector.SPECIES_128, 0)
                        .reinterpretAsBytes()
                        .intoArray(quantized, j);
            }
        }
    }

    @Override
    public void sums8(byte[] codes, int start, int stride, int rowCount, int columns, byte[] tables, short[] sums) {
        if (!WIDE || columns == 0) {
            scalar.sums8(codes, start, stride, rowCount, columns, tables, sums);
            return;
        }
        // rows that may be read in every column, also those behind the last one
        long readable = codes.length - start - (columns - 1L) * stride;
        int row = 0;
        while (row < rowCount && row + STEP <= readable) {
            if (rowCount - row > SMALL_STEP_ROWS && row + ROW_BLOCK <= readable) {
                block8(codes, start + row, stride, columns, tables, sums, row);
                row += ROW_BLOCK;
            } else {
                step8(codes, start + row, stride, columns, tables, sums, row);
                row += STEP;
            }
        }
        if (row < rowCount) {
            short[] rest = new short[rowCount - row];
            scalar.sums8(codes, start + row, stride, rest.length, columns, tables, rest);
            System.arraycopy(rest, 0, sums, row, rest.length);
        }
    }

    @Override
    public void sums4(byte[] codes, int start, int stride, int rowCount, int columns, byte[] tables, short[] sums) {
        if (!WIDE || columns == 0) {
            scalar.sums4(codes, start, stride, rowCount, columns, tables, sums);
            return;
        }
        // rows that may be read in every column, also those behind the last one
        long readable = codes.length - start - (columns - 1L) * stride;
        int row = 0;
        while (row < rowCount && row + STEP <= readable) {
            if (rowCount - row > SMALL_STEP_ROWS && row + ROW_BLOCK <= readable) {
                block4(codes, start + row, stride, columns, tables, sums, row);
                row += ROW_BLOCK;
            } else {
                step4(codes, start + row, stride, columns, tables, sums, row);
                row += STEP;
            }
        }
        if (row < rowCount) {
            short[] rest = new short[rowCount - row];
            scalar.sums4(codes, start + row, stride, rest.length, columns, tables, rest);
            System.arraycopy(rest, 0, sums, row, rest.length);
        }
    }

    private static void block8(
            byte[] codes, int start, int stride, int columns, byte[] tables, short[] sums, int to) {
        ShortVector raw0 = ShortVector.zero(SHORTS);
        ShortVector odd0 = ShortVector.zero(SHORTS);
        ShortVector raw1 = ShortVector.zero(SHORTS);
        ShortVector odd1 = ShortVector.zero(SHORTS);
        ShortVector raw2 = ShortVector.zero(SHORTS);
        ShortVector odd2 = ShortVector.zero(SHORTS);
        ShortVector raw3 = ShortVector.zero(SHORTS);
        ShortVector odd3 = ShortVector.zero(SHORTS);
        for (int column = 0; column < columns; column++) {
            int at = start + column * stride;
            ByteVector t0 = ByteVector.fromArray(BYTES, tables, (column << 8));
            ByteVector t1 = ByteVector.fromArray(BYTES, tables, (column << 8) + STEP);
            ByteVector t2 = ByteVector.fromArray(BYTES, tables, (column << 8) + 2 * STEP);
            ByteVector t3 = ByteVector.fromArray(BYTES, tables, (column << 8) + 3 * STEP);
            ByteVector c0 = ByteVector.fromArray(BYTES, codes, at);
            ByteVector c1 = ByteVector.fromArray(BYTES, codes, at + STEP);
            ByteVector c2 = ByteVector.fromArray(BYTES, codes, at + 2 * STEP);
            ByteVector c3 = ByteVector.fromArray(BYTES, codes, at + 3 * STEP);
            ShortVector w0 = c0.selectFrom(t0, t1)
                    .blend(c0.selectFrom(t2, t3), c0.lt((byte) 0))
                    .reinterpretAsShorts();
            raw0 = raw0.add(w0);
            odd0 = odd0.add(w0.lanewise(VectorOperators.LSHR, 8));
            ShortVector w1 = c1.selectFrom(t0, t1)
                    .blend(c1.selectFrom(t2, t3), c1.lt((byte) 0))
                    .reinterpretAsShorts();
            raw1 = raw1.add(w1);
            odd1 = odd1.add(w1.lanewise(VectorOperators.LSHR, 8));
            ShortVector w2 = c2.selectFrom(t0, t1)
                    .blend(c2.selectFrom(t2, t3), c2.lt((byte) 0))
                    .reinterpretAsShorts();
            raw2 = raw2.add(w2);
            odd2 = odd2.add(w2.lanewise(VectorOperators.LSHR, 8));
            ShortVector w3 = c3.selectFrom(t0, t1)
                    .blend(c3.selectFrom(t2, t3), c3.lt((byte) 0))
                    .reinterpretAsShorts();
            raw3 = raw3.add(w3);
            odd3 = odd3.add(w3.lanewise(VectorOperators.LSHR, 8));
        }
        ShortVector even0 = raw0.sub(odd0.lanewise(VectorOperators.LSHL, 8));
        FIRST_ROWS.selectFrom(even0, odd0).intoArray(sums, to);
        LAST_ROWS.selectFrom(even0, odd0).intoArray(sums, to + HALF);
        ShortVector even1 = raw1.sub(odd1.lanewise(VectorOperators.LSHL, 8));
        FIRST_ROWS.selectFrom(even1, odd1).intoArray(sums, to + STEP);
        LAST_ROWS.selectFrom(even1, odd1).intoArray(sums, to + STEP + HALF);
        ShortVector even2 = raw2.sub(odd2.lanewise(VectorOperators.LSHL, 8));
        FIRST_ROWS.selectFrom(even2, odd2).intoArray(sums, to + 2 * STEP);
        LAST_ROWS.selectFrom(even2, odd2).intoArray(sums, to + 2 * STEP + HALF);
        ShortVector even3 = raw3.sub(odd3.lanewise(VectorOperators.LSHL, 8));
        FIRST_ROWS.selectFrom(even3, odd3).intoArray(sums, to + 3 * STEP);
        LAST_ROWS.selectFrom(even3, odd3).intoArray(sums, to + 3 * STEP + HALF);
    }

    private static void step8(
            byte[] codes, int start, int stride, int columns, byte[] tables, short[] sums, int to) {
        ShortVector raw0 = ShortVector.zero(SHORTS);
        ShortVector odd0 = ShortVector.zero(SHORTS);
        for (int column = 0; column < columns; column++) {
            int at = start + column * stride;
            ByteVector t0 = ByteVector.fromArray(BYTES, tables, (column << 8));
            ByteVector t1 = ByteVector.fromArray(BYTES, tables, (column << 8) + STEP);
            ByteVector t2 = ByteVector.fromArray(BYTES, tables, (column << 8) + 2 * STEP);
            ByteVector t3 = ByteVector.fromArray(BYTES, tables, (column << 8) + 3 * STEP);
            ByteVector c0 = ByteVector.fromArray(BYTES, codes, at);
            ShortVector w0 = c0.selectFrom(t0, t1)
                    .blend(c0.selectFrom(t2, t3), c0.lt((byte) 0))
                    .reinterpretAsShorts();
            raw0 = raw0.add(w0);
            odd0 = odd0.add(w0.lanewise(VectorOperators.LSHR, 8));
        }
        ShortVector even0 = raw0.sub(odd0.lanewise(VectorOperators.LSHL, 8));
        FIRST_ROWS.selectFrom(even0, odd0).intoArray(sums, to);
        LAST_ROWS.selectFrom(even0, odd0).intoArray(sums, to + HALF);
    }

    private static void block4(
            byte[] codes, int start, int stride, int columns, byte[] tables, short[] sums, int to) {
        ShortVector raw0 = ShortVector.zero(SHORTS);
        ShortVector odd0 = ShortVector.zero(SHORTS);
        ShortVector raw1 = ShortVector.zero(SHORTS);
        ShortVector odd1 = ShortVector.zero(SHORTS);
        ShortVector raw2 = ShortVector.zero(SHORTS);
        ShortVector odd2 = ShortVector.zero(SHORTS);
        ShortVector raw3 = ShortVector.zero(SHORTS);
        ShortVector odd3 = ShortVector.zero(SHORTS);
        for (int column = 0; column < columns; column++) {
            int at = start + column * stride;
            ByteVector low = LANES_OF_16.selectFrom(ByteVector.fromArray(BYTES, tables, column << 5));
            ByteVector high = LANES_OF_16.selectFrom(ByteVector.fromArray(BYTES, tables, (column << 5) + 16));
            ByteVector c0 = ByteVector.fromArray(BYTES, codes, at);
            ByteVector c1 = ByteVector.fromArray(BYTES, codes, at + STEP);
            ByteVector c2 = ByteVector.fromArray(BYTES, codes, at + 2 * STEP);
            ByteVector c3 = ByteVector.fromArray(BYTES, codes, at + 3 * STEP);
            ShortVector w0 = c0.selectFrom(low)
                    .add(c0.reinterpretAsShorts()
                            .lanewise(VectorOperators.LSHR, 4)
                            .reinterpretAsBytes()
                            .selectFrom(high))
                    .reinterpretAsShorts();
            raw0 = raw0.add(w0);
            odd0 = odd0.add(w0.lanewise(VectorOperators.LSHR, 8));
            ShortVector w1 = c1.selectFrom(low)
                    .add(c1.reinterpretAsShorts()
                            .lanewise(VectorOperators.LSHR, 4)
                            .reinterpretAsBytes()
                            .selectFrom(high))
                    .reinterpretAsShorts();
            raw1 = raw1.add(w1);
            odd1 = odd1.add(w1.lanewise(VectorOperators.LSHR, 8));
            ShortVector w2 = c2.selectFrom(low)
                    .add(c2.reinterpretAsShorts()
                            .lanewise(VectorOperators.LSHR, 4)
                            .reinterpretAsBytes()
                            .selectFrom(high))
                    .reinterpretAsShorts();
            raw2 = raw2.add(w2);
            odd2 = odd2.add(w2.lanewise(VectorOperators.LSHR, 8));
            ShortVector w3 = c3.selectFrom(low)
                    .add(c3.reinterpretAsShorts()
                            .lanewise(VectorOperators.LSHR, 4)
                            .reinterpretAsBytes()
                            .selectFrom(high))
                    .reinterpretAsShorts();
            raw3 = raw3.add(w3);
            odd3 = odd3.add(w3.lanewise(VectorOperators.LSHR, 8));
        }
        ShortVector even0 = raw0.sub(odd0.lanewise(VectorOperators.LSHL, 8));
        FIRST_ROWS.selectFrom(even0, odd0).intoArray(sums, to);
        LAST_ROWS.selectFrom(even0, odd0).intoArray(sums, to + HALF);
        ShortVector even1 = raw1.sub(odd1.lanewise(VectorOperators.LSHL, 8));
        FIRST_ROWS.selectFrom(even1, odd1).intoArray(sums, to + STEP);
        LAST_ROWS.selectFrom(even1, odd1).intoArray(sums, to + STEP + HALF);
        ShortVector even2 = raw2.sub(odd2.lanewise(VectorOperators.LSHL, 8));
        FIRST_ROWS.selectFrom(even2, odd2).intoArray(sums, to + 2 * STEP);
        LAST_ROWS.selectFrom(even2, odd2).intoArray(sums, to + 2 * STEP + HALF);
        ShortVector even3 = raw3.sub(odd3.lanewise(VectorOperators.LSHL, 8));
        FIRST_ROWS.selectFrom(even3, odd3).intoArray(sums, to + 3 * STEP);
        LAST_ROWS.selectFrom(even3, odd3).intoArray(sums, to + 3 * STEP + HALF);
    }

    private static void step4(
            byte[] codes, int start, int stride, int columns, byte[] tables, short[] sums, int to) {
        ShortVector raw0 = ShortVector.zero(SHORTS);
        ShortVector odd0 = ShortVector.zero(SHORTS);
        for (int column = 0; column < columns; column++) {
            int at = start + column * stride;
            ByteVector low = LANES_OF_16.selectFrom(ByteVector.fromArray(BYTES, tables, column << 5));
            ByteVector high = LANES_OF_16.selectFrom(ByteVector.fromArray(BYTES, tables, (column << 5) + 16));
            ByteVector c0 = ByteVector.fromArray(BYTES, codes, at);
            ShortVector w0 = c0.selectFrom(low)
                    .add(c0.reinterpretAsShorts()
                            .lanewise(VectorOperators.LSHR, 4)
                            .reinterpretAsBytes()
                            .selectFrom(high))
                    .reinterpretAsShorts();
            raw0 = raw0.add(w0);
            odd0 = odd0.add(w0.lanewise(VectorOperators.LSHR, 8));
        }
        ShortVector even0 = raw0.sub(odd0.lanewise(VectorOperators.LSHL, 8));
        FIRST_ROWS.selectFrom(even0, odd0).intoArray(sums, to);
        LAST_ROWS.selectFrom(even0, odd0).intoArray(sums, to + HALF);
    }

    @Override
    public void addScaled(short[] sums, int count, float step, float[] terms, int firstTerm, float[] values) {
        int row = 0;
        if (WIDE) {
            int end = WIDE_FLOATS.loopBound(count);
            FloatVector scale = FloatVector.broadcast(WIDE_FLOATS, step);
            for (; row < end; row += WIDE_FLOATS.length()) {
                FloatVector term = FloatVector.fromArray(WIDE_FLOATS, terms, firstTerm + row);
                ((FloatVector) ShortVector.fromArray(FEW_SHORTS, sums, row)
                                .convertShape(VectorOperators.ZERO_EXTEND_S2I, IntVector.SPECIES_512, 0)
                                .convert(VectorOperators.I2F, 0))
                        .fma(scale, term)
                        .intoArray(values, row);
            }
        }
        for (; row < count; row++) {
            values[row] = terms[firstTerm + row] + step * Short.toUnsignedInt(sums[row]);
        }
    }

    @Override
    public void selectAtMost(short[] sums, int count, int limit, long[] bits) {
        if (!WIDE || limit < 0 || limit > 0xffff) {
            scalar.selectAtMost(sums, count, limit, bits);
            return;
        }
        short most = (short) limit;
        int words = count / Long.SIZE;
        for (int word = 0; word < words; word++) {
            long low = ShortVector.fromArray(SHORTS, sums, word * Long.SIZE)
                    .compare(VectorOperators.ULE, most)
                    .toLong();
            long high = ShortVector.fromArray(SHORTS, sums, word * Long.SIZE + HALF)
                    .compare(VectorOperators.ULE, most)
                    .toLong();
            bits[word] = low | high << HALF;
        }
        if (words * Long.SIZE < count) {
            long last = 0;
            for (int row = words * Long.SIZE; row < count; row++) {
                if (Short.toUnsignedInt(sums[row]) <= limit) {
                    last |= 1L << row;
                }
            }
            bits[words] = last;
        }
    }
}
