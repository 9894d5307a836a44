// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.math.BigDecimal;
import java.math.MathContext;

/// Text of numbers that Java has no type for.
final class Numbers {
    private static final int MAX_HALF_DIGITS = 5;

    private Numbers() {}

    /// The shortest decimal that reads back as the same half-precision float.
    ///
    /// @param bits IEEE 754 binary16
    static String shortestHalf(short bits) {
        float value = Float.float16ToFloat(bits);
        if (value == 0 || Float.isNaN(value) || Float.isInfinite(value)) {
            return Float.toString(value);
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits <= MAX_HALF_DIGITS; digits++) {
            float rounded = exact.round(new MathContext(digits)).floatValue();
            if (Float.floatToFloat16(rounded) == bits) {
                return Float.toString(rounded);
            }
        }
        return Float.toString(value);
    }
}
