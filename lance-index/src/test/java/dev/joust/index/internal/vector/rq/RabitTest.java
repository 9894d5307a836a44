// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.rq;

import static dev.joust.index.internal.vector.TestVectors.SEED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.index.DistanceType;
import dev.joust.index.Neighbor;
import dev.joust.index.TopK;
import dev.joust.index.internal.vector.ReferenceCodes;
import dev.joust.index.internal.vector.TestVectors;
import dev.joust.index.internal.vector.Workers;

final class RabitTest {
    private static final String WHAT = "-Djoust.seed=" + SEED;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private final Random random = new Random(SEED);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 24, 40, 64, 96, 100, 768})
    void rotationKeepsProducts(int dimension) {
        Rotation rotation = Rotation.random(dimension, 3);
        float[] pair = TestVectors.gaussian(random, 2 * dimension);
        double square = TestVectors.dot(pair, 0, pair, 0, dimension);
        double product = TestVectors.dot(pair, 0, pair, dimension, dimension);
        float[] before = pair.clone();
        rotation.rotate(pair, 0);
        rotation.rotate(pair, dimension);
        assertEquals(square, TestVectors.dot(pair, 0, pair, 0, dimension), 1e-4 * square, WHAT);
        assertEquals(product, TestVectors.dot(pair, 0, pair, dimension, dimension), 1e-4 * square, WHAT);
        assertTrue(dimension <= 2 || TestVectors.l2(before, 0, pair, 0, dimension) > 0.01 * square);
    }

    @Test
    void matrixTurnsAsItsRowsSay() {
        var quarterTurn = new Rotation.Matrix(2, new float[] {0, -1, 1, 0});
        float[] vector = {9, 3, 4};
        quarterTurn.rotate(vector, 1);
        assertArrayEquals(new float[] {9, -4, 3}, vector);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void extraBitsComeBack(int bits) {
        byte[] values = new byte[3 * ExtraBits.BLOCK];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) random.nextInt(1 << bits);
        }
        byte[] packed = new byte[5 + ExtraBits.rowBytes(values.length, bits)];
        ExtraBits.pack(values, bits, packed, 5);
        byte[] unpacked = new byte[values.length + 2];
        ExtraBits.unpack(packed, 5, bits, values.length, unpacked, 2);
        for (int i = 0; i < values.length; i++) {
            assertEquals(values[i], unpacked[i + 2], WHAT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 64, 100})
    void signsComeBackFromGroups(int rows) {
        byte[] signs = new byte[rows * 7 + 3];
        random.nextBytes(signs);
        byte[] packed = RabitCodes.packSigns(signs, 3, rows, 7);
        byte[] unpacked = RabitCodes.unpackSigns(packed, 0, rows, 7);
        for (int i = 0; i < unpacked.length; i++) {
            assertEquals(signs[i + 3], unpacked[i]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, L2, 64", "1, DOT, 24", "2, L2, 40", "5, L2, 128", "5, DOT, 96", "4, L2, 1544", "7, L2, 64", "9, DOT, 64"
    })
    void scanFindsWhatAllEstimatesFind(int bits, DistanceType type, int dimension) {
        int count = 1300;
        float[] values = TestVectors.clustered(random, count + 10, dimension, 30, 0.6f);
        float[] centroids = TestVectors.row(values, 5, dimension);
        var quantizer = new RabitQuantizer(Rotation.random(dimension, 7), bits, type);
        RabitCodes codes = quantizer.encode(values, 0, count, new int[count], centroids, Workers.callerOnly());
        RabitPartition partition = RabitPartition.ofRows(codes, 0, count, dimension);
        long[] rowIds = LongStream.range(0, count).toArray();
        long[] mask = LongStream.generate(random::nextLong)
                .limit(Math.ceilDiv(count, 64))
                .toArray();
        var scan = new RabitScan(quantizer);
        int hits = 0;
        int wanted = 0;
        double error = 0;
        double spread = 0;
        for (int q = count; q < count + 10; q++) {
            float[] query = TestVectors.row(values, q, dimension);
            scan.query(query);
            scan.partition(centroids, 0);
            double[] estimates = new double[count];
            for (int row = 0; row < count; row++) {
                estimates[row] = estimate(quantizer, codes, row, query, centroids);
                double exact = type == DistanceType.DOT
                        ? 1 - TestVectors.dot(query, 0, values, row * dimension, dimension)
                        : TestVectors.l2(query, 0, values, row * dimension, dimension);
                error += Math.abs(estimates[row] - exact);
                spread += Math.abs(exact);
            }
            for (long[] some : new long[][] {null, mask}) {
                TopK expected = new TopK(10);
                for (int row = 0; row < count; row++) {
                    if (some == null || (some[row / 64] >> row & 1) != 0) {
                        expected.offer((float) estimates[row], row);
                    }
                }
                TopK actual = new TopK(10);
                scan.search(partition, rowIds, 0, some, -INFINITY, INFINITY, actual);
                for (Neighbor found : actual.toSortedList()) {
                    double estimate = estimates[(int) found.rowAddress()];
                    assertEquals(estimate, found.distance(), 1e-3 * (1 + Math.abs(estimate)), WHAT);
                    hits += found.distance() <= expected.threshold() + 1e-4f * (1 + Math.abs(expected.threshold())) ? 1 : 0;
                    wanted++;
                }
            }
        }
        assertEquals(200, wanted);
        int found = hits;
        assertTrue(hits >= (bits == 1 ? 200 : 195), () -> WHAT + " found " + found + " of 200");
        double share = error / spread;
        assertTrue(bits < 4 || share < 0.1, () -> WHAT + " error " + share);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rq1-cosine", "rq2-dot", "rq3-l2", "rq4-cosine", "rq5-dot", "rq6-l2", "rq7-cosine", "rq8-dot", "rq9-l2",
                "rq5-dot-128", "rq5-l2-96"
            })
    void distancesOfTheReferencesCodesAreNearlyItsOwn(String name) {
        ReferenceCodes reference = ReferenceCodes.named(name);
        int dimension = reference.dimension();
        var quantizer = new RabitQuantizer(
                new Rotation.Fast(dimension, reference.bytes("rotation signs")), reference.bits(), reference.type());
        boolean extra = reference.bits() > 1;
        float[] expected = reference.distances();
        var scan = new RabitScan(quantizer);
        scan.query(reference.query());
        int first = 0;
        double difference = 0;
        double magnitude = 0;
        long[] lengths = reference.longs("lengths");
        for (int p = 0; p < lengths.length; p++) {
            int rows = (int) lengths[p];
            var codes = new RabitCodes(
                    rows,
                    part(reference.bytes("_rabit_codes"), first, rows, quantizer.signBytes()),
                    part(reference.floats("__add_factors"), first, rows),
                    part(reference.floats("__scale_factors"), first, rows),
                    part(reference.floats("__error_factors"), first, rows),
                    extra
                            ? part(reference.bytes("__blocked_ex_codes"), first, rows, quantizer.extraBytes())
                            : new byte[0],
                    extra ? part(reference.floats("__add_factors_ex"), first, rows) : new float[0],
                    extra ? part(reference.floats("__scale_factors_ex"), first, rows) : new float[0]);
            scan.partition(reference.floats("centroids"), p * dimension);
            TopK all = new TopK(rows);
            scan.search(
                    RabitPartition.ofPacked(codes, dimension),
                    LongStream.range(first, first + rows).toArray(),
                    0,
                    null,
                    -INFINITY,
                    INFINITY,
                    all);
            assertEquals(rows, all.size());
            for (Neighbor found : all.toSortedList()) {
                difference += Math.abs(found.distance() - expected[(int) found.rowAddress()]);
                magnitude += Math.abs(found.distance());
            }
            first += rows;
        }
        // the reference rounds the tables of a query to bytes
        double share = difference / magnitude;
        assertTrue(share < 0.01, () -> name + " " + share);
    }

    @Test
    void rowsAtTheirCentroidAreEncoded() {
        float[] rows = new float[3 * 16];
        var quantizer = new RabitQuantizer(Rotation.random(16, 1), 5, DistanceType.L2);
        RabitCodes codes = quantizer.encode(rows, 0, 3, new int[3], new float[16], Workers.callerOnly());
        var scan = new RabitScan(quantizer);
        float[] query = new float[16];
        query[2] = 3;
        scan.query(query);
        scan.partition(new float[16], 0);
        TopK nearest = new TopK(3);
        scan.search(
                RabitPartition.ofRows(codes, 0, 3, 16), new long[] {5, 6, 7}, 0, null, -INFINITY, INFINITY, nearest);
        assertEquals(3, nearest.size());
        assertEquals(9, nearest.threshold(), 1e-5);
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new RabitQuantizer(Rotation.random(20, 1), 5, DistanceType.L2));
        assertThrows(
                IllegalArgumentException.class,
                () -> new RabitQuantizer(Rotation.random(16, 1), 10, DistanceType.L2));
        assertThrows(IllegalArgumentException.class, () -> new Rotation.Fast(16, new byte[7]));
        assertThrows(IllegalArgumentException.class, () -> new Rotation.Matrix(4, new float[15]));
    }

    /// As the format says, in double precision.
    private static double estimate(
            RabitQuantizer quantizer, RabitCodes codes, int row, float[] query, float[] centroid) {
        int dimension = query.length;
        float[] y = query.clone();
        quantizer.rotation().rotate(y, 0);
        double bits = 0;
        double sum = 0;
        double extraProduct = 0;
        int extra = quantizer.extraBits();
        byte[] values = new byte[ExtraBits.paddedDimension(dimension)];
        if (extra > 0) {
            ExtraBits.unpack(codes.extra(), row * quantizer.extraBytes(), extra, values.length, values, 0);
        }
        for (int i = 0; i < dimension; i++) {
            sum += y[i];
            bits += (codes.signs()[row * dimension / 8 + i / 8] >> i % 8 & 1) * (double) y[i];
            extraProduct += y[i] * (double) (values[i] & 0xff);
        }
        double product = extra == 0
                ? bits - sum / 2
                : (1 << extra) * bits + extraProduct - ((1 << extra) - 0.5) * sum;
        double scale = extra == 0 ? codes.scaleFactors()[row] : codes.extraScaleFactors()[row];
        double add = extra == 0 ? codes.addFactors()[row] : codes.extraAddFactors()[row];
        if (quantizer.type() != DistanceType.DOT) {
            return product * scale + add + TestVectors.l2(query, 0, centroid, 0, dimension);
        }
        double withCentroid = TestVectors.dot(query, 0, centroid, 0, dimension);
        double weight = withCentroid / TestVectors.dot(centroid, 0, centroid, 0, dimension);
        return product * scale + weight * (add - 1) + 1 - withCentroid;
    }

    private static byte[] part(byte[] values, int first, int rows, int width) {
        return Arrays.copyOfRange(values, first * width, (first + rows) * width);
    }

    private static float[] part(float[] values, int first, int rows) {
        return Arrays.copyOfRange(values, first, first + rows);
    }
}
