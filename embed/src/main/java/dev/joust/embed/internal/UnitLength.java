// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

/// Vectors brought to length 1 (L2).
public final class UnitLength {
    private UnitLength() {}

    /// In place.
    ///
    /// @throws IllegalStateException if the vector has no direction: it is zero, or not finite
    public static float[] of(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        if (!(squares > 0) || Double.isInfinite(squares)) {
            throw new IllegalStateException("the model gave a vector of length " + Math.sqrt(squares));
        }
        double scale = 1 / Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] * scale);
        }
        return vector;
    }
}
