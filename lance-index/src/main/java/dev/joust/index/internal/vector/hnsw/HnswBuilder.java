// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.joust.index.internal.vector.Workers;

/// Builds a graph by inserting row after row: a walk finds the nearest rows that are there, of which those become
/// neighbours that are not nearer to a neighbour already chosen (spec: index format B.8). Afterwards, rows that cannot
/// be reached get a link from the nearest that can.
///
/// With one thread a seed gives one graph, as far as distances are the same to the last bit: those of scalar-quantized
/// rows and rows of bits are; vector kernels add floats in another order once they are compiled. With more threads rows
/// are inserted at the same time, and graphs differ.
public final class HnswBuilder {
    private static final int LOCKS = 1 << 10;
    private static final int BLOCK_ROWS = 64;

    /// @param m              neighbours of a row on an upper level, at most; twice as many on level 0
    /// @param efConstruction rows the walk keeps in view
    /// @param maxLevel       how many levels at most
    public record Settings(int m, int efConstruction, int maxLevel, long seed) {
        /// As the reference builds.
        public static final Settings DEFAULT = new Settings(20, 150, 7, 42);

        public Settings {
            if (m < 4 || efConstruction < m || maxLevel < 1) {
                throw new IllegalArgumentException("a graph needs m >= 4, ef_construction >= m and max_level >= 1, not "
                        + m + ", " + efConstruction + " and " + maxLevel);
            }
        }
    }

    private final HnswRows rows;
    private final Settings settings;
    private final int[] levels;
    private final MutableLinks links;
    private final Object[] locks = new Object[LOCKS];
    private int entryPoint;

    private HnswBuilder(HnswRows rows, Settings settings) {
        this.rows = rows;
        this.settings = settings;
        levels = drawLevels(rows.count(), settings);
        links = new MutableLinks(levels, settings.m());
        Arrays.setAll(locks, i -> new Object());
    }

    /// The graph of at least one row.
    public static HnswGraph build(HnswRows rows, Settings settings, Workers workers) {
        if (rows.count() < 1) {
            throw new IllegalArgumentException("a graph needs at least one row");
        }
        HnswRows near = rows instanceof PqRows codes ? codes.forBuilding() : rows;
        return new HnswBuilder(near, settings).build(workers);
    }

    /// Row r is on the levels 0 to `levels[r]`.
    static int[] drawLevels(int count, Settings settings) {
        var random = new SplittableRandom(settings.seed());
        double scale = 1 / Math.log(settings.m());
        int[] levels = new int[count];
        for (int row = 0; row < count; row++) {
            double level = -Math.log(1 - random.nextDouble()) * scale;
            levels[row] = (int) Math.min(level, settings.maxLevel() - 1.0);
        }
        return levels;
    }

    private HnswGraph build(Workers workers) {
        entryPoint = 0;
        for (int row = 1; row < levels.length; row++) {
            entryPoint = levels[row] > levels[entryPoint] ? row : entryPoint;
        }
        // the entry point is there from the start, so that nothing about it changes while others are inserted
        var idle = new ConcurrentLinkedQueue<Insertion>();
        workers.forEachBlock(rows.count(), BLOCK_ROWS, (start, end) -> {
            Insertion known = idle.poll();
            Insertion insertion = known == null ? new Insertion(this) : known;
            for (int row = start; row < end; row++) {
                if (row != entryPoint) {
                    insertion.insert(row);
                }
            }
            idle.add(insertion);
        });
        List<int[]> extra = new Reachability(rows, links, entryPoint).repair();
        List<HnswGraph.Level> frozen = new ArrayList<>();
        for (int level = 0; level <= levels[entryPoint]; level++) {
            frozen.add(links.freeze(level, level == 0 ? extra : List.of()));
        }
        return new HnswGraph(entryPoint, frozen);
    }

    private Object lockOf(int row) {
        return locks[row & LOCKS - 1];
    }

    /// What one thread needs to insert rows.
    private static final class Insertion {
        private final HnswBuilder builder;
        private final MutableLinks links;
        private final HnswRows.Scorer scorer;
        private final HnswRows.Scorer pairScorer;
        private final VisitedRows visited = new VisitedRows();
        private final NearestPool pool = new NearestPool();
        private final NeighborChoice choice;
        private final int[] ids;
        private final float[] distances;
        private final int[] candidateRows;
        private final float[] candidateDistances;

        Insertion(HnswBuilder builder) {
            this.builder = builder;
            links = builder.links;
            scorer = builder.rows.newBuildScorer();
            pairScorer = builder.rows.newBuildScorer();
            int most = 2 * builder.settings.m() + 1;
            int candidates = Math.max(builder.settings.efConstruction(), most);
            choice = new NeighborChoice(pairScorer, candidates);
            ids = new int[most];
            distances = new float[most];
            candidateRows = new int[candidates];
            candidateDistances = new float[candidates];
        }

        void insert(int row) {
            int top = builder.levels[builder.entryPoint];
            int own = builder.levels[row];
            scorer.row(row);
            int nearest = builder.entryPoint;
            ids[0] = nearest;
            scorer.score(ids, 1, distances);
            float best = distances[0];
            for (int level = top; level > own; level--) {
                boolean nearer = true;
                while (nearer) {
                    nearer = false;
                    int count = links.copy(nearest, level, ids);
                    scorer.score(ids, count, distances);
                    for (int i = 0; i < count; i++) {
                        if (distances[i] < best) {
                            best = distances[i];
                            nearest = ids[i];
                            nearer = true;
                        }
                    }
                }
            }
            for (int level = Math.min(top, own); level >= 0; level--) {
                walk(row, nearest, best, level);
                int found = pool.size();
                for (int i = 0; i < found; i++) {
                    candidateRows[i] = pool.row(i);
                    candidateDistances[i] = pool.distance(i);
                }
                if (found > 0) {
                    nearest = candidateRows[0];
                    best = candidateDistances[0];
                }
                int chosen = choice.choose(candidateRows, candidateDistances, found, builder.settings.m());
                connect(row, level, chosen);
            }
        }

        /// Fills the pool with the nearest rows of a level, without the row itself.
        private void walk(int row, int entry, float entryDistance, int level) {
            visited.start(builder.rows.count());
            visited.add(row);
            pool.start(builder.settings.efConstruction());
            visited.add(entry);
            pool.offer(entryDistance, entry);
            for (int next = pool.expandNext(); next >= 0; next = pool.expandNext()) {
                int count = links.copy(next, level, ids);
                int unseen = 0;
                for (int i = 0; i < count; i++) {
                    if (visited.add(ids[i])) {
                        ids[unseen++] = ids[i];
                    }
                }
                scorer.score(ids, unseen, distances);
                for (int i = 0; i < unseen; i++) {
                    pool.offer(distances[i], ids[i]);
                }
            }
        }

        private void connect(int row, int level, int chosen) {
            int[] neighbors = Arrays.copyOf(choice.chosen(), chosen);
            synchronized (builder.lockOf(row)) {
                // others may have linked to this row since it was put on an upper level
                for (int neighbor : neighbors) {
                    addLink(row, neighbor, level);
                }
            }
            for (int neighbor : neighbors) {
                synchronized (builder.lockOf(neighbor)) {
                    addLink(neighbor, row, level);
                }
            }
        }

        /// Adds a link from `row` to `other`; if that is one too many, the best are chosen anew.
        private void addLink(int row, int other, int level) {
            if (links.add(row, level, other)) {
                return;
            }
            int count = links.copy(row, level, ids);
            ids[count++] = other;
            pairScorer.row(row);
            pairScorer.score(ids, count, distances);
            long[] keys = new long[count];
            for (int i = 0; i < count; i++) {
                keys[i] = NearestPool.key(distances[i], ids[i]);
            }
            Arrays.sort(keys);
            for (int i = 0; i < count; i++) {
                candidateRows[i] = NearestPool.row(keys[i]);
                candidateDistances[i] = NearestPool.distance(keys[i]);
            }
            int chosen = choice.choose(candidateRows, candidateDistances, count, links.most(level));
            links.replace(row, level, choice.chosen(), chosen);
        }
    }
}
