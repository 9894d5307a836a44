// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.StoreCopies;
import dev.joust.index.DistanceType;
import dev.joust.index.IvfHnswSq;
import dev.joust.index.IvfPq;
import dev.joust.index.VectorIndexSpec;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.RoundObjectStore;
import dev.joust.io.store.MemoryObjectStore;

/// What a search by an index on an object store costs: requests, bytes, and rounds of requests that had to wait for each
/// other.
class VectorIndexRequestsTest {
    private static final int DIMENSION = 128;
    private static final int ROWS = 4000;
    private static final int PARTITIONS = 40;

    private final MemoryObjectStore memory = new MemoryObjectStore();
    private final RoundObjectStore remote = new RoundObjectStore(memory, Duration.ofMillis(300));
    private final Session session = Session.builder().ioConcurrency(256).build();

    record Row(long id, float[] vector) {}

    @AfterEach
    void close() {
        session.close();
    }

    private static float[] vector(Random random) {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    /// Written once for all tests, each of which reads a copy.
    private static final class Written {
        static final MemoryObjectStore PQ = write(IvfPq.withMetric(DistanceType.L2));
        static final MemoryObjectStore HNSW_SQ = write(IvfHnswSq.withMetric(DistanceType.L2));
    }

    private static MemoryObjectStore write(VectorIndexSpec<?> spec) {
        MemoryObjectStore memory = new MemoryObjectStore();
        try (Session writing = Session.create();
                Database database = Database.over(memory, writing, ConnectOptions.DEFAULT.withMaintenance(Maintenance.OFF))) {
            Random random = new Random(11);
            Stream<Row> rows = IntStream.range(0, ROWS).mapToObj(i -> new Row(i, vector(random)));
            database.createTable("t", rows)
                    .createIndex("vector", spec.changed(builder -> builder.partitions(PARTITIONS).subVectorCount(64)));
        }
        return memory;
    }

    private Table table(MemoryObjectStore written) {
        StoreCopies.copy(written, memory);
        return Database.over(remote, session, ConnectOptions.DEFAULT).openTable("t");
    }

    private record Cost(ReadStats stats, List<List<String>> rounds) {}

    private Cost costOf(Query query) {
        ReadStats before = memory.stats();
        remote.takeRounds();
        assertEquals(10, query.withRowId().select("_distance").count());
        return new Cost(memory.stats().since(before), remote.takeRounds());
    }

    @Test
    void coldPartitionsAreReadTogether() {
        Table table = table(Written.PQ);
        costOf(table.search(vector(new Random(1))).nprobes(1)); // opens the index, and pages of its files
        Cost some = costOf(table.search(vector(new Random(2))).nprobes(20));
        assertEquals(1, some.rounds().size(), some.toString());
        // a request for row ids and one for codes of each, at most
        assertTrue(some.stats().requestCount() <= 40, some.toString());
        Cost all = costOf(table.search(vector(new Random(3))).nprobes(PARTITIONS));
        // what lay between the others may have come with them
        assertTrue(all.rounds().size() <= 1, all.toString());
        Cost again = costOf(table.search(vector(new Random(4))).nprobes(PARTITIONS));
        assertEquals(0, again.stats().requestCount(), again.toString());
    }

    @Test
    void graphsAreReadWithTheirRows() {
        Table table = table(Written.HNSW_SQ);
        costOf(table.search(vector(new Random(1))).nprobes(1));
        Cost all = costOf(table.search(vector(new Random(3))).nprobes(PARTITIONS));
        assertEquals(1, all.rounds().size(), all.toString());
    }

    @Test
    void candidatesAreReadInOneRound() {
        Table table = table(Written.PQ);
        costOf(table.search(vector(new Random(1))).nprobes(PARTITIONS).refine(2));
        Cost refined = costOf(table.search(vector(new Random(5))).nprobes(PARTITIONS).refine(10));
        assertEquals(1, refined.rounds().size(), refined.toString());
        assertTrue(refined.stats().requestCount() <= 100, refined.toString());
        // vectors of 100 rows, and what lies between some of them
        assertTrue(refined.stats().bytesRead() <= 2L * ROWS * DIMENSION * Float.BYTES, refined.toString());
    }

    @Test
    void partitionsLookedAtLateAreReadInFewRounds() {
        Table table = table(Written.PQ);
        costOf(table.search(vector(new Random(1))).nprobes(1));
        // the few rows that pass lie anywhere, and are more than are compared by their vectors themselves
        Cost late = costOf(table.search(vector(new Random(6)))
                .nprobes(1, 0)
                .where("id % 3 = 0")
                .distanceRange(0, 1e9f));
        assertTrue(late.rounds().size() <= 8, late.toString());
    }
}
