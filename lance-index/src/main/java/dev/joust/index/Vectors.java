// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

/// Arithmetic on single vectors.
final class Vectors {
    private Vectors() {}

    /// The vector scaled to length 1; what comes of a zero vector is not a number.
    static float[] ofLengthOne(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        float norm = (float) Math.sqrt(squares);
        float[] scaled = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            scaled[i] = vector[i] / norm;
        }
        return scaled;
    }
}
