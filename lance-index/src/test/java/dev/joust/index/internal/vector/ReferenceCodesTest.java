// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.kernel.ScalarSqKernels;
import dev.joust.index.internal.vector.pq.PqCodebook;
import dev.joust.index.internal.vector.pq.PqCodes;
import dev.joust.index.internal.vector.pq.PqScan;
import dev.joust.index.internal.vector.pq.ProductQuantizer;
import dev.joust.index.internal.vector.rq.RabitCodes;
import dev.joust.index.internal.vector.rq.RabitQuantizer;
import dev.joust.index.internal.vector.rq.Rotation;
import dev.joust.index.internal.vector.sq.ScalarQuantizer;
import dev.joust.index.internal.vector.sq.SqQuery;

/// Holds codes and distances against those of the reference.
final class ReferenceCodesTest {
    @ParameterizedTest
    @ValueSource(strings = {"pq8-l2", "pq8-cosine", "pq8-dot", "pq4-l2", "pq4-cosine", "pq4-dot"})
    void productQuantizedRowsAreThoseOfTheReference(String name) {
        ReferenceCodes reference = ReferenceCodes.named(name);
        int dimension = reference.dimension();
        int count = reference.rowCount();
        var codebook = new PqCodebook(dimension, 4, reference.bits(), reference.floats("codebook"));
        int[] partitions = reference.partitions();
        float[] centroids = reference.floats("centroids");
        boolean dot = reference.type() == DistanceType.DOT;
        float[] rows = reference.indexed();
        if (!dot) {
            subtract(rows, partitions, centroids, dimension);
        }
        byte[] codes = new byte[count * codebook.codeBytes()];
        new ProductQuantizer(codebook).encode(rows, 0, count, codes, 0, Workers.callerOnly());

        float[] expected = reference.distances();
        byte[] stored = reference.bytes("__pq_code");
        long[] lengths = reference.longs("lengths");
        var scan = new PqScan(codebook, reference.type());
        int same = 0;
        int first = 0;
        for (int partition = 0; partition < lengths.length; partition++) {
            int rowCount = (int) lengths[partition];
            byte[] turned = new byte[rowCount * codebook.codeBytes()];
            ProductQuantizer.transpose(
                    codes, first * codebook.codeBytes(), rowCount, codebook.codeBytes(), turned, 0);
            for (int i = 0; i < turned.length; i++) {
                same += turned[i] == stored[first * codebook.codeBytes() + i] ? 1 : 0;
            }
            float[] target = reference.query();
            for (int i = 0; i < dimension && !dot; i++) {
                target[i] -= centroids[partition * dimension + i];
            }
            scan.target(target);
            var partitionCodes = new PqCodes(stored, first * codebook.codeBytes(), rowCount, codebook.codeBytes());
            for (int row = 0; row < rowCount; row++) {
                float distance = scan.distance(partitionCodes, row);
                assertEquals(expected[first + row], distance, 1e-4f * (1 + Math.abs(distance)), name);
            }
            first += rowCount;
        }
        // a row in the middle between two codewords may go to either
        assertTrue(same >= 0.998 * codes.length, name + ": " + same + " of " + codes.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sq-l2", "sq-cosine", "sq-dot"})
    void scalarQuantizedRowsAreThoseOfTheReference(String name) {
        ReferenceCodes reference = ReferenceCodes.named(name);
        double[] bounds = reference.doubles("bounds");
        int dimension = reference.dimension();
        int count = reference.rowCount();
        float[] rows = reference.indexed();
        var quantizer = new ScalarQuantizer(bounds[0], bounds[1]);
        assertEquals(quantizer, ScalarQuantizer.train(rows, 0, rows.length));
        byte[] codes = new byte[count * dimension];
        quantizer.encode(rows, 0, count, dimension, codes, 0, Workers.callerOnly());
        assertArrayEquals(reference.bytes("__sq_code"), codes);
        var query = new SqQuery(quantizer, dimension, reference.type());
        query.target(reference.query());
        float[] distances = new float[count];
        query.distances(new ScalarSqKernels(), codes, 0, count, distances);
        assertArrayEquals(reference.distances(), distances, 1e-4f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rq1-cosine", "rq2-dot", "rq3-l2", "rq4-cosine", "rq5-dot", "rq6-l2", "rq7-cosine", "rq8-dot", "rq9-l2",
                "rq5-dot-128", "rq5-l2-96"
            })
    void rabitCodesAreThoseOfTheReference(String name) {
        ReferenceCodes reference = ReferenceCodes.named(name);
        int dimension = reference.dimension();
        int count = reference.rowCount();
        var quantizer = new RabitQuantizer(
                new Rotation.Fast(dimension, reference.bytes("rotation signs")), reference.bits(), reference.type());
        RabitCodes codes = quantizer.encode(
                reference.indexed(),
                0,
                count,
                reference.partitions(),
                reference.floats("centroids"),
                Workers.callerOnly());
        byte[] stored = reference.bytes("_rabit_codes");
        int first = 0;
        for (long length : reference.longs("lengths")) {
            byte[] signs = RabitCodes.unpackSigns(
                    stored, first * quantizer.signBytes(), (int) length, quantizer.signBytes());
            for (int i = 0; i < signs.length; i++) {
                assertEquals(signs[i], codes.signs()[first * quantizer.signBytes() + i], name);
            }
            byte[] packed = RabitCodes.packSigns(
                    codes.signs(), first * quantizer.signBytes(), (int) length, quantizer.signBytes());
            for (int i = 0; i < packed.length; i++) {
                assertEquals(stored[first * quantizer.signBytes() + i], packed[i], name);
            }
            first += (int) length;
        }
        assertClose(reference.floats("__add_factors"), codes.addFactors(), name + " add");
        assertClose(reference.floats("__scale_factors"), codes.scaleFactors(), name + " scale");
        assertClose(reference.floats("__error_factors"), codes.errorFactors(), name + " error");
        if (reference.bits() > 1) {
            byte[] extra = reference.bytes("__blocked_ex_codes");
            int same = 0;
            for (int i = 0; i < extra.length; i++) {
                same += extra[i] == codes.extra()[i] ? 1 : 0;
            }
            assertEquals(extra.length, codes.extra().length);
            assertTrue(same >= 0.99 * extra.length, name + ": " + same + " of " + extra.length);
            assertNearlyAllClose(reference.floats("__add_factors_ex"), codes.extraAddFactors(), name + " extra add");
            assertNearlyAllClose(
                    reference.floats("__scale_factors_ex"), codes.extraScaleFactors(), name + " extra scale");
        }
    }

    private static void assertClose(float[] expected, float[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-3f * (1e-2f + Math.abs(expected[i])), what + " of row " + i);
        }
    }

    /// Two scales may be as good as each other but for rounding, and the codes then differ.
    private static void assertNearlyAllClose(float[] expected, float[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        int close = 0;
        for (int i = 0; i < expected.length; i++) {
            float difference = Math.abs(expected[i] - actual[i]);
            close += difference <= 1e-3f * (1e-2f + Math.abs(expected[i])) ? 1 : 0;
            assertTrue(difference <= 0.02f * (0.1f + Math.abs(expected[i])), what + " of row " + i);
        }
        assertTrue(close >= 0.95 * expected.length, what + ": " + close + " of " + expected.length);
    }

    private static void subtract(float[] rows, int[] partitions, float[] centroids, int dimension) {
        for (int row = 0; row < partitions.length; row++) {
            for (int i = 0; i < dimension; i++) {
                rows[row * dimension + i] -= centroids[partitions[row] * dimension + i];
            }
        }
    }
}
