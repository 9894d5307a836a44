// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.rq;

import java.util.Arrays;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.vector.Workers;

/// Encodes rows: the residual from the centroid of its partition is rotated, and each element becomes its sign and
/// `bits - 1` more bits. Two factors then make a product with the code an estimate of the distance, and a third says how
/// far it may be off (spec: index format B.7). Immutable and thread-safe.
public final class RabitQuantizer {
    public static final int MOST_BITS = 9;

    private static final int BLOCK_ROWS = 64;
    /// Where the sweep for the best scale starts, as a share of where it ends, by extra bits.
    private static final double[] SWEEP_START = {0, .15, .2, .52, .59, .71, .75, .77, .81};

    private static final double ERROR_BOUND = 1.9;
    private static final double NO_NORM = 1.1920929e-7;

    private final Rotation rotation;
    private final int bits;
    private final DistanceType type;

    /// @param bits 1 to 9 for each element, the sign included
    /// @param type DOT; any other for L2
    public RabitQuantizer(Rotation rotation, int bits, DistanceType type) {
        if (rotation.dimension() % Byte.SIZE != 0) {
            throw new IllegalArgumentException(
                    "vector dimension must be divisible by 8 for IVF_RQ, but is " + rotation.dimension());
        }
        if (bits < 1 || bits > MOST_BITS) {
            throw new IllegalArgumentException("RaBitQ codes have 1 to 9 bits, not " + bits);
        }
        this.rotation = rotation;
        this.bits = bits;
        this.type = type;
    }

    public Rotation rotation() {
        return rotation;
    }

    public int bits() {
        return bits;
    }

    public int extraBits() {
        return bits - 1;
    }

    public DistanceType type() {
        return type;
    }

    public int dimension() {
        return rotation.dimension();
    }

    /// Bytes of a row's signs.
    public int signBytes() {
        return dimension() / Byte.SIZE;
    }

    /// Bytes of a row's extra bits, 0 if it has none.
    public int extraBytes() {
        return ExtraBits.rowBytes(dimension(), extraBits());
    }

    /// Encodes many rows, in their order.
    ///
    /// @param rows       `float[rowCount * dimension]` from element `rowStart` on
    /// @param partitions of row r at `partitions[r]`
    /// @param centroids  `float[partitionCount * dimension]`
    public RabitCodes encode(
            float[] rows, int rowStart, int rowCount, int[] partitions, float[] centroids, Workers workers) {
        boolean extra = bits > 1;
        var codes = new RabitCodes(
                rowCount,
                new byte[rowCount * signBytes()],
                new float[rowCount],
                new float[rowCount],
                new float[rowCount],
                new byte[rowCount * extraBytes()],
                new float[extra ? rowCount : 0],
                new float[extra ? rowCount : 0]);
        float[] rotated = centroids.clone();
        for (int start = 0; start < rotated.length; start += dimension()) {
            rotation.rotate(rotated, start);
        }
        workers.forEachBlock(rowCount, BLOCK_ROWS, (start, end) -> {
            var row = new Row(this);
            for (int r = start; r < end; r++) {
                int centroid = partitions[r] * dimension();
                row.encode(rows, rowStart + r * dimension(), centroids, rotated, centroid, codes, r);
            }
        });
        return codes;
    }

    /// What one thread needs to encode rows.
    private static final class Row {
        /// Of a sweep; few events fall into each.
        private static final int PARTS = 256;

        private final RabitQuantizer quantizer;
        private final int dimension;
        private final float[] residual;
        private final byte[] extra;
        private final float[] shares;
        private long[] events = new long[256];
        private long[] sorted = {};
        private final int[] ends = new int[PARTS];

        Row(RabitQuantizer quantizer) {
            this.quantizer = quantizer;
            dimension = quantizer.dimension();
            residual = new float[dimension];
            extra = new byte[ExtraBits.paddedDimension(dimension)];
            shares = new float[dimension];
        }

        void encode(
                float[] rows, int start, float[] centroids, float[] rotated, int centroid, RabitCodes codes, int row) {
            double norm = 0;
            for (int i = 0; i < dimension; i++) {
                residual[i] = rows[start + i] - centroids[centroid + i];
                norm += (double) residual[i] * residual[i];
            }
            quantizer.rotation.rotate(residual, 0);
            double withCode = 0;
            double centroidWithCode = 0;
            double withCentroid = 0;
            for (int i = 0; i < dimension; i++) {
                boolean positive = Float.floatToRawIntBits(residual[i]) >= 0;
                if (positive) {
                    codes.signs()[row * quantizer.signBytes() + i / Byte.SIZE] |= (byte) (1 << i % Byte.SIZE);
                }
                double code = positive ? 0.5 : -0.5;
                withCode += residual[i] * code;
                centroidWithCode += rotated[centroid + i] * code;
                withCentroid += (double) residual[i] * rotated[centroid + i];
            }
            boolean dot = quantizer.type == DistanceType.DOT;
            codes.addFactors()[row] = (float) add(dot, norm, withCode, centroidWithCode, withCentroid);
            codes.scaleFactors()[row] = (float) scale(dot, norm, withCode);
            codes.errorFactors()[row] = (float) error(dot, norm, withCode);
            if (quantizer.bits > 1) {
                encodeExtra(norm);
                ExtraBits.pack(extra, quantizer.extraBits(), codes.extra(), row * quantizer.extraBytes());
                double middle = (1 << quantizer.extraBits()) - 0.5;
                withCode = 0;
                centroidWithCode = 0;
                for (int i = 0; i < dimension; i++) {
                    int sign = Float.floatToRawIntBits(residual[i]) >= 0 ? 1 << quantizer.extraBits() : 0;
                    double code = sign + (extra[i] & 0xff) - middle;
                    withCode += residual[i] * code;
                    centroidWithCode += rotated[centroid + i] * code;
                }
                codes.extraAddFactors()[row] = (float) add(dot, norm, withCode, centroidWithCode, withCentroid);
                codes.extraScaleFactors()[row] = (float) scale(dot, norm, withCode);
            }
        }

        private static double add(
                boolean dot, double norm, double withCode, double centroidWithCode, double withCentroid) {
            double turned = ratio(norm * centroidWithCode, withCode);
            return dot ? 1 - withCentroid + turned : norm + 2 * turned;
        }

        private static double scale(boolean dot, double norm, double withCode) {
            return ratio((dot ? -1 : -2) * norm, withCode);
        }

        private double error(boolean dot, double norm, double withCode) {
            if (dimension <= 1 || norm <= 0 || withCode == 0) {
                return 0;
            }
            double spread = Math.max(0, norm * dimension / 4 / (withCode * withCode) - 1) / (dimension - 1);
            return (dot ? 1 : 2) * Math.sqrt(norm) * ERROR_BOUND * Math.sqrt(spread);
        }

        private static double ratio(double value, double by) {
            return by == 0 ? 0 : value / by;
        }

        /// The extra bits of each element: its size in steps of the scale by which the code points where the residual
        /// does most nearly. Bits of negative elements are inverted.
        private void encodeExtra(double norm) {
            Arrays.fill(extra, (byte) 0);
            if (norm <= NO_NORM) {
                return;
            }
            int most = (1 << quantizer.extraBits()) - 1;
            float scale = bestScale((float) Math.sqrt(norm), most);
            for (int i = 0; i < dimension; i++) {
                int code = Math.clamp((int) (scale * shares[i] + 1e-5f), 0, most);
                boolean positive = Float.floatToRawIntBits(residual[i]) >= 0;
                extra[i] = (byte) (positive ? code : ~code & most);
            }
        }

        /// Sorts events by counting which part of the sweep each is in, and then within the parts: they are spread evenly enough
        /// that this takes a fraction of what sorting them all takes.
        private void sortEvents(int count, float start, float end) {
            if (count < PARTS) {
                Arrays.sort(events, 0, count);
                return;
            }
            if (sorted.length < count) {
                sorted = new long[events.length];
            }
            float perPart = PARTS / (end - start);
            Arrays.fill(ends, 0);
            for (int e = 0; e < count; e++) {
                ends[part(events[e], start, perPart)]++;
            }
            int sum = 0;
            for (int part = 0; part < PARTS; part++) {
                int size = ends[part];
                ends[part] = sum;
                sum += size;
            }
            for (int e = 0; e < count; e++) {
                sorted[ends[part(events[e], start, perPart)]++] = events[e];
            }
            int from = 0;
            for (int part = 0; part < PARTS; part++) {
                Arrays.sort(sorted, from, ends[part]);
                from = ends[part];
            }
            long[] unsorted = events;
            events = sorted;
            sorted = unsorted;
        }

        private static int part(long event, float start, float perPart) {
            float at = Float.intBitsToFloat((int) (event >>> 32));
            return Math.clamp((int) ((at - start) * perPart), 0, PARTS - 1);
        }

        private float bestScale(float length, int most) {
            float largest = 0;
            for (int i = 0; i < dimension; i++) {
                shares[i] = Math.abs(residual[i]) / length;
                largest = Math.max(largest, shares[i]);
            }
            float end = (most + 10) / largest;
            float start = end * (float) SWEEP_START[quantizer.extraBits()];
            float product = 0;
            float square = 0;
            int count = 0;
            for (int i = 0; i < dimension; i++) {
                int code = (int) (start * shares[i] + 1e-5f);
                code = Math.min(code, most);
                product += (code + 0.5f) * shares[i];
                square += (code + 0.5f) * (code + 0.5f);
                for (int next = code + 1; next <= most; next++) {
                    float at = next / shares[i];
                    if (!(at < end)) {
                        break;
                    }
                    if (count == events.length) {
                        events = Arrays.copyOf(events, 2 * count);
                    }
                    // ordered by where it happens; then which element and which step
                    events[count++] = (long) Float.floatToRawIntBits(at) << 32 | (long) i << Byte.SIZE | next;
                }
            }
            sortEvents(count, start, end);
            float bestScale = start;
            float best = product / (float) Math.sqrt(square);
            for (int e = 0; e < count; e++) {
                int element = (int) events[e] >>> Byte.SIZE;
                int step = (int) events[e] & 0xff;
                product += shares[element];
                square += 2f * step;
                float fit = product / (float) Math.sqrt(square);
                if (fit > best) {
                    best = fit;
                    bestScale = Float.intBitsToFloat((int) (events[e] >>> 32));
                }
            }
            return bestScale;
        }
    }
}
