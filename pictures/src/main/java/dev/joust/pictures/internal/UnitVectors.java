// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.util.Optional;

/// Vectors of length 1 (L2).
final class UnitVectors {
    private static final double LEAST_SQUARES = 1e-12;

    private UnitVectors() {}

    /// The same direction; a vector of nothing stays one.
    static float[] of(float[] vector) {
        return ofDirection(vector).orElse(vector);
    }

    /// Empty where a vector has no direction to speak of.
    static Optional<float[]> ofDirection(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        if (!(squares > LEAST_SQUARES)) {
            return Optional.empty();
        }
        double length = Math.sqrt(squares);
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return Optional.of(unit);
    }
}
