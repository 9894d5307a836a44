// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;
import dev.joust.index.DistanceType;
import dev.joust.index.FlatSearch;
import dev.joust.index.Neighbor;
import dev.joust.index.VectorColumn;
import dev.joust.index.VectorIndexKind;
import dev.joust.search.IndexRecall;
import dev.joust.search.NearestRows;
import dev.joust.search.VectorQuery;

/// Looks for the neighbours of rows by an index and exactly, and compares. Used once.
public final class RecallSweep {
    private static final int EXACT_SEARCHES = 5;
    private static final int MOST_SWEPT = 12;
    /// Tries for each sample: some rows have no vector, or one that can't be looked for.
    private static final int TRIES = 4;

    private final Dataset dataset;
    private final VectorColumn column;
    private final DistanceType metric;
    private final NearestRows rows;
    private final int k;
    private final List<Sample> samples = new ArrayList<>();

    /// A row, and those nearest to it but for itself.
    private record Sample(long address, float[] vector, Set<Long> nearest) {}

    public RecallSweep(Dataset dataset, VectorColumn column, DistanceType metric, int k) {
        this.dataset = dataset;
        this.column = column;
        this.metric = metric;
        this.k = k;
        rows = NearestRows.of(dataset, column);
    }

    /// Draws rows, and finds their neighbours by a look at every vector.
    ///
    /// @return how many there are
    public int draw(int wanted, long seed) throws IOException {
        long rowCount = dataset.countRows();
        Set<Long> positions = new TreeSet<>();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < TRIES * wanted && rowCount > 0; i++) {
            positions.add(random.nextLong(rowCount));
        }
        List<FlatSearch.Collector> collectors = new ArrayList<>();
        long[] asked = positions.stream().mapToLong(Long::longValue).toArray();
        shuffle(asked, random);
        try (Batch batch = dataset.takePositions(asked, List.of(column.path(), ScanOptions.ROW_ADDRESS))) {
            long[] addresses = Scans.longs(batch.column(ScanOptions.ROW_ADDRESS));
            for (int row = 0; row < batch.rowCount() && samples.size() < wanted; row++) {
                float[] vector = vector(column.in(batch), row);
                if (vector != null) {
                    samples.add(new Sample(addresses[row], vector, new HashSet<>()));
                    collectors.add(FlatSearch.of(vector, metric, k + 1).newCollector(rowCount));
                }
            }
        }
        scan(collectors);
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            sample.nearest.addAll(others(FlatSearch.merge(List.of(collectors.get(i))), sample.address));
        }
        return samples.size();
    }

    private static void shuffle(long[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            long value = values[i];
            values[i] = values[other];
            values[other] = value;
        }
    }

    private float @Nullable [] vector(ColumnBuffers column, int row) {
        float[] vector = switch (ColumnValues.get(column, row)) {
            case float[] floats -> floats;
            case double[] doubles -> floats(Arrays.stream(doubles).boxed().toList());
            case List<?> values -> floats(values);
            case null, default -> null;
        };
        if (vector == null) {
            return null;
        }
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Double.isFinite(squares) && (squares > 0 || metric != DistanceType.COSINE) ? vector : null;
    }

    private static float @Nullable [] floats(List<?> values) {
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            if (!(values.get(i) instanceof Number number)) {
                return null;
            }
            vector[i] = number.floatValue();
        }
        return vector;
    }

    private void scan(List<FlatSearch.Collector> collectors) throws IOException {
        ScanOptions options = ScanOptions.ALL.withColumns(column.path()).withRowAddresses();
        try (BatchReader reader = dataset.scan(options)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (Batch batched = batch) {
                    long[] addresses = Scans.longs(batched.column(ScanOptions.ROW_ADDRESS));
                    for (FlatSearch.Collector collector : collectors) {
                        collector.add(column.in(batched), addresses);
                    }
                }
            }
        }
    }

    /// The k nearest, without the row itself.
    private Set<Long> others(List<Neighbor> neighbors, long own) {
        Set<Long> others = new HashSet<>();
        for (Neighbor neighbor : neighbors) {
            if (neighbor.rowAddress() != own && others.size() < k) {
                others.add(neighbor.rowAddress());
            }
        }
        return others;
    }

    /// Mean time of an exact search.
    public double exactMillis() throws IOException {
        int count = Math.min(EXACT_SEARCHES, samples.size());
        double[] millis = times(query().withUseIndex(false), samples.subList(0, count), new int[1]);
        return Arrays.stream(millis).average().orElse(0);
    }

    private VectorQuery query() {
        return VectorQuery.of(samples.getFirst().vector, k + 1).withMetric(metric);
    }

    /// More and more partitions, wider and wider searches in graphs, with a look at the vectors themselves and without.
    ///
    /// @param partitionCount of the segment that has most
    public List<IndexRecall.Point> sweep(VectorIndexKind kind, int partitionCount) throws IOException {
        List<IndexRecall.Point> points = new ArrayList<>();
        if (samples.isEmpty()) {
            return points;
        }
        int[] refines = kind.storage() == VectorIndexKind.Storage.FLAT ? new int[] {0} : new int[] {0, 10};
        for (int refine : refines) {
            int candidates = (k + 1) * Math.max(1, refine);
            for (int probes : steps(1, partitionCount)) {
                if (!kind.hasGraph()) {
                    points.add(point(probes, 0, refine));
                }
            }
            for (int ef : kind.hasGraph() ? steps(candidates, 32 * candidates) : List.<Integer>of()) {
                points.add(point(partitionCount, ef, refine));
            }
        }
        return points;
    }

    /// Doubled from step to step, and the last one.
    private static List<Integer> steps(int first, int last) {
        List<Integer> steps = new ArrayList<>();
        for (long step = first; step < last && steps.size() < MOST_SWEPT; step *= 2) {
            steps.add((int) step);
        }
        steps.add(last);
        return steps;
    }

    private IndexRecall.Point point(int probes, int ef, int refine) throws IOException {
        VectorQuery query = query().withProbes(probes, probes).withEf(ef).withRefineFactor(refine);
        times(query, samples, new int[1]); // partitions come into memory, code becomes fast
        int[] found = new int[1];
        double[] millis = times(query, samples, found);
        long wanted = samples.stream().mapToLong(sample -> sample.nearest.size()).sum();
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return new IndexRecall.Point(
                probes,
                ef,
                refine,
                wanted == 0 ? 1 : (double) found[0] / wanted,
                Arrays.stream(millis).average().orElse(0),
                sorted[Math.min(sorted.length - 1, (int) (0.95 * sorted.length))]);
    }

    private double[] times(VectorQuery query, List<Sample> of, int[] found) throws IOException {
        double[] millis = new double[of.size()];
        for (int i = 0; i < millis.length; i++) {
            Sample sample = of.get(i);
            VectorQuery own = query.withVector(sample.vector);
            long start = System.nanoTime();
            List<Neighbor> neighbors = rows.find(own, null);
            millis[i] = (System.nanoTime() - start) / 1e6;
            Set<Long> others = others(neighbors, sample.address);
            others.retainAll(sample.nearest);
            found[0] += others.size();
        }
        return millis;
    }
}
