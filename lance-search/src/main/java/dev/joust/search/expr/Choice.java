// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.math.BigDecimal;
import java.util.List;

import dev.joust.format.schema.LogicalType;

/// Row by row, the value of one of several expressions.
final class Choice {
    private Choice() {}

    /// @param chosen per row: which of `choices`, -1 for null
    static Values of(List<Values> choices, int[] chosen, LogicalType type) {
        int count = chosen.length;
        long[] valid = new long[Values.words(count)];
        for (int row = 0; row < count; row++) {
            if (chosen[row] >= 0) {
                Values.setBit(valid, row);
            }
        }
        return switch (Types.family(type)) {
            case BOOL -> {
                long[] bits = new long[valid.length];
                for (int row = 0; row < count; row++) {
                    if (chosen[row] >= 0 && ((Values.Bools) choices.get(chosen[row])).get(row)) {
                        Values.setBit(bits, row);
                    }
                }
                yield new Values.Bools(bits, valid, false);
            }
            case WHOLE, TIME -> {
                long[] values = new long[count];
                for (int row = 0; row < count; row++) {
                    values[row] = chosen[row] < 0 ? 0 : ((Values.Longs) choices.get(chosen[row])).get(row);
                }
                yield new Values.Longs(values, valid, false);
            }
            case FLOATING -> {
                double[] values = new double[count];
                for (int row = 0; row < count; row++) {
                    values[row] = chosen[row] < 0 ? 0 : ((Values.Doubles) choices.get(chosen[row])).get(row);
                }
                yield new Values.Doubles(values, valid, false);
            }
            case DECIMAL -> {
                BigDecimal[] values = new BigDecimal[count];
                for (int row = 0; row < count; row++) {
                    values[row] = chosen[row] < 0
                            ? BigDecimal.ZERO
                            : ((Values.Decimals) choices.get(chosen[row])).get(row);
                }
                yield new Values.Decimals(values, valid, false);
            }
            case TEXT, BINARY -> {
                byte[][] values = new byte[count][];
                for (int row = 0; row < count; row++) {
                    values[row] = chosen[row] < 0 ? new byte[0] : ((Values.Bytes) choices.get(chosen[row])).get(row);
                }
                yield Values.Bytes.of(values, valid, false);
            }
            case NULL, OTHER -> new Values.Nulls();
        };
    }
}
