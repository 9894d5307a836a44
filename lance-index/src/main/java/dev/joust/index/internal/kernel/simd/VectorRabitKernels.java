// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

import dev.joust.index.internal.kernel.RabitKernels;
import dev.joust.index.internal.kernel.ScalarRabitKernels;

/// The sums by the Vector API: one vector of 64 bytes is two byte columns of 32 rows, and looks up four tables, which
/// lie one after the other. Each quarter of the vector has its own sums, which are added at the end. Narrower vectors use
/// the scalar form. The body calls no method of ours.
public final class VectorRabitKernels implements RabitKernels {
    private static final boolean WIDE = VectorShape.preferredShape().vectorBitSize() >= 512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;
    private static final int STEP = 64;
    private static final ByteVector QUARTERS =
            (ByteVector) BYTES.broadcast(0).addIndex(1).lanewise(VectorOperators.AND, 48);
    private static final VectorMask<Byte> ONE_COLUMN = BYTES.indexInRange(0, STEP / 2);
    private static final ShortVector HALF_FURTHER =
            (ShortVector) SHORTS.broadcast(0).addIndex(1).lanewise(VectorOperators.ADD, 16);
    private static final ShortVector QUARTER_FURTHER =
            (ShortVector) SHORTS.broadcast(0).addIndex(1).lanewise(VectorOperators.ADD, 8);
    private static final byte LOW_HALF = 15;
    private static final int EIGHT = 8;

    private final ScalarRabitKernels scalar = new ScalarRabitKernels();

    @Override
    public void sums(byte[] codes, int start, int groups, int columns, byte[] tables, short[] sums) {
        if (!WIDE) {
            scalar.sums(codes, start, groups, columns, tables, sums);
            return;
        }
        int groupBytes = columns * GROUP_ROWS;
        int whole = groupBytes & -STEP;
        for (int group = 0; group < groups; group++) {
            int base = start + group * groupBytes;
            ShortVector lowRaw = ShortVector.zero(SHORTS);
            ShortVector lowOdd = ShortVector.zero(SHORTS);
            ShortVector highRaw = ShortVector.zero(SHORTS);
            ShortVector highOdd = ShortVector.zero(SHORTS);
            for (int i = 0; i < whole; i += STEP) {
                ByteVector x = ByteVector.fromArray(BYTES, codes, base + i);
                ByteVector table = ByteVector.fromArray(BYTES, tables, i);
                ShortVector low = x.and(LOW_HALF).or(QUARTERS).selectFrom(table).reinterpretAsShorts();
                ShortVector high = x.reinterpretAsShorts()
                        .lanewise(VectorOperators.LSHR, 4)
                        .reinterpretAsBytes()
                        .and(LOW_HALF)
                        .or(QUARTERS)
                        .selectFrom(table)
                        .reinterpretAsShorts();
                lowRaw = lowRaw.add(low);
                lowOdd = lowOdd.add(low.lanewise(VectorOperators.LSHR, 8));
                highRaw = highRaw.add(high);
                highOdd = highOdd.add(high.lanewise(VectorOperators.LSHR, 8));
            }
            if (whole < groupBytes) {
                // the last of an odd number of columns: tables behind it are zero
                ByteVector x = ByteVector.fromArray(BYTES, codes, base + whole, ONE_COLUMN);
                ByteVector table = ByteVector.fromArray(BYTES, tables, whole);
                ShortVector low = x.and(LOW_HALF).or(QUARTERS).selectFrom(table).reinterpretAsShorts();
                ShortVector high = x.reinterpretAsShorts()
                        .lanewise(VectorOperators.LSHR, 4)
                        .reinterpretAsBytes()
                        .and(LOW_HALF)
                        .or(QUARTERS)
                        .selectFrom(table)
                        .reinterpretAsShorts();
                lowRaw = lowRaw.add(low);
                lowOdd = lowOdd.add(low.lanewise(VectorOperators.LSHR, 8));
                highRaw = highRaw.add(high);
                highOdd = highOdd.add(high.lanewise(VectorOperators.LSHR, 8));
            }
            ShortVector lowEven = lowRaw.sub(lowOdd.lanewise(VectorOperators.LSHL, 8));
            ShortVector highEven = highRaw.sub(highOdd.lanewise(VectorOperators.LSHL, 8));
            lowEven = lowEven.add(HALF_FURTHER.selectFrom(lowEven));
            lowOdd = lowOdd.add(HALF_FURTHER.selectFrom(lowOdd));
            highEven = highEven.add(HALF_FURTHER.selectFrom(highEven));
            highOdd = highOdd.add(HALF_FURTHER.selectFrom(highOdd));
            lowEven = lowEven.add(QUARTER_FURTHER.selectFrom(lowEven));
            lowOdd = lowOdd.add(QUARTER_FURTHER.selectFrom(lowOdd));
            highEven = highEven.add(QUARTER_FURTHER.selectFrom(highEven));
            highOdd = highOdd.add(QUARTER_FURTHER.selectFrom(highOdd));
            // each has 8 sums, and what the one before stored behind its own is overwritten
            int to = group * GROUP_ROWS;
            lowEven.intoArray(sums, to);
            lowOdd.intoArray(sums, to + EIGHT);
            highEven.intoArray(sums, to + 2 * EIGHT);
            highOdd.intoArray(sums, to + 3 * EIGHT);
        }
    }
}
