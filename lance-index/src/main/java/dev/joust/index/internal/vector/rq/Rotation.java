// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.rq;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Turns vectors without changing distances. Immutable and thread-safe.
public sealed interface Rotation {
    int dimension();

    /// Turns the vector `vector[start .. start + dimension)` where it stands.
    void rotate(float[] vector, int start);

    /// The fast rotation with random signs.
    static Fast random(int dimension, long seed) {
        var random = new SplittableRandom(seed);
        byte[] signs = new byte[Fast.ROUNDS * Math.ceilDiv(dimension, Byte.SIZE)];
        random.nextBytes(signs);
        return new Fast(dimension, signs);
    }

    /// Four rounds of flipped signs and a Walsh-Hadamard transform. If the dimension is no power of two, each transform
    /// takes a part of the vector, in turn the first and the last, and after it the two halves of the vector are added to
    /// and subtracted from each other.
    ///
    /// @param signs four times as many bytes as have a bit for each element; 1 flips the sign
    record Fast(int dimension, byte[] signs) implements Rotation {
        static final int ROUNDS = 4;

        public Fast {
            if (dimension < 1 || signs.length != ROUNDS * Math.ceilDiv(dimension, Byte.SIZE)) {
                throw new IllegalArgumentException(
                        signs.length + " bytes of signs for a rotation of dimension " + dimension);
            }
        }

        @Override
        public void rotate(float[] vector, int start) {
            int part = Integer.highestOneBit(dimension);
            float scale = (float) (1 / Math.sqrt(part));
            int signBytes = signs.length / ROUNDS;
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < dimension; i++) {
                    if ((signs[round * signBytes + i / Byte.SIZE] >> i % Byte.SIZE & 1) != 0) {
                        vector[start + i] = -vector[start + i];
                    }
                }
                transform(vector, start + (round % 2 == 0 ? 0 : dimension - part), part, scale);
                if (part < dimension) {
                    addHalves(vector, start);
                }
            }
            if (part < dimension) {
                for (int i = start; i < start + dimension; i++) {
                    vector[i] *= 0.25f;
                }
            }
        }

        private static void transform(float[] vector, int start, int count, float scale) {
            for (int half = 1; half < count; half *= 2) {
                for (int block = start; block < start + count; block += 2 * half) {
                    for (int i = block; i < block + half; i++) {
                        float a = vector[i];
                        float b = vector[i + half];
                        vector[i] = a + b;
                        vector[i + half] = a - b;
                    }
                }
            }
            for (int i = start; i < start + count; i++) {
                vector[i] *= scale;
            }
        }

        private void addHalves(float[] vector, int start) {
            int half = dimension / 2;
            for (int i = start; i < start + half; i++) {
                float a = vector[i];
                float b = vector[i + half];
                vector[i] = a + b;
                vector[i + half] = a - b;
            }
        }
    }

    /// A product with an orthogonal matrix.
    ///
    /// @param values `float[dimension * dimension]`, row-major: element i of the result is the product with row i
    record Matrix(int dimension, float[] values) implements Rotation {
        public Matrix {
            if (dimension < 1 || values.length != (long) dimension * dimension) {
                throw new IllegalArgumentException(
                        values.length + " elements of a matrix of dimension " + dimension);
            }
        }

        @Override
        public void rotate(float[] vector, int start) {
            float[] before = Arrays.copyOfRange(vector, start, start + dimension);
            for (int i = 0; i < dimension; i++) {
                double sum = 0;
                for (int j = 0; j < dimension; j++) {
                    sum += (double) values[i * dimension + j] * before[j];
                }
                vector[start + i] = (float) sum;
            }
        }
    }
}
