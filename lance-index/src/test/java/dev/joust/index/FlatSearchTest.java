// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

final class FlatSearchTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final int DIMENSION = 24;
    private static final LogicalType FLOAT32 = new LogicalType.FloatingPoint(32);

    private final Arena arena = Arena.ofShared();

    @AfterEach
    void release() {
        arena.close();
    }

    @Test
    void nearestOfAllBlocksAndCollectorsAreFound() {
        var random = new Random(SEED);
        int rowCount = 40_000; // more than two blocks
        float[] rows = new float[rowCount * DIMENSION];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = random.nextInt(3); // so that many are equally near
        }
        float[] query = new float[DIMENSION];
        var expected = new TopK(50);
        for (int row = 0; row < rowCount; row++) {
            float distance = 0;
            for (int i = 0; i < DIMENSION; i++) {
                distance += rows[row * DIMENSION + i] * rows[row * DIMENSION + i];
            }
            expected.offer(distance, 1000L + row);
        }
        MemorySegment all = segment(rows);
        FlatSearch search = FlatSearch.of(query, DistanceType.L2, 50);
        FlatSearch.Collector one = search.newCollector(rowCount);
        one.add(all, rowCount, null, 1000, null);
        assertEquals(expected.toSortedList(), FlatSearch.merge(List.of(one)), "-Djoust.seed=" + SEED);

        var collectors = new ArrayList<FlatSearch.Collector>();
        for (int worker = 0; worker < 3; worker++) {
            collectors.add(search.newCollector(rowCount));
        }
        int worker = 0;
        for (int start = 0; start < rowCount;) {
            int count = Math.min(rowCount - start, 1 + random.nextInt(3000));
            MemorySegment part = all.asSlice(4L * DIMENSION * start, 4L * DIMENSION * count);
            collectors.get(worker++ % 3).add(part, count, null, 1000L + start, null);
            start += count;
        }
        assertEquals(expected.toSortedList(), FlatSearch.merge(collectors), "-Djoust.seed=" + SEED);
    }

    @Test
    void nullVectorsAndNotANumberAreNoResults() {
        float nan = Float.NaN;
        MemorySegment validity = arena.allocate(1);
        validity.set(ValueLayout.JAVA_BYTE, 0, (byte) 0b11101);
        ColumnBuffers column = column(2, 5, new float[] {1, 0, 0, 0, nan, 1, 3, 0, 2, 0}, validity, 1);
        FlatSearch.Collector collector = FlatSearch.of(new float[2], DistanceType.L2, 10).newCollector(5);
        collector.add(column, 100);
        assertEquals(
                List.of(new Neighbor(100, 1), new Neighbor(104, 4), new Neighbor(103, 9)),
                FlatSearch.merge(List.of(collector)));
    }

    @Test
    void rowsThatAreNotAcceptedMakeRoomForFartherOnes() {
        ColumnBuffers column = column(1, 4, new float[] {1, 2, 3, 4}, null, 0);
        FlatSearch search =
                FlatSearch.of(new float[1], DistanceType.L2, 2).where(row -> row != 7).where(row -> row != 8);
        FlatSearch.Collector collector = search.newCollector(4);
        collector.add(column, new long[] {7, 6, 8, 5});
        assertEquals(List.of(new Neighbor(6, 4), new Neighbor(5, 16)), FlatSearch.merge(List.of(collector)));
    }

    @Test
    void acceptanceIsAskedOnlyForNearRows() {
        int rowCount = 5000;
        float[] rows = new float[rowCount];
        for (int i = 0; i < rowCount; i++) {
            rows[i] = i;
        }
        var asked = new TreeSet<Long>();
        FlatSearch.Collector collector = FlatSearch.of(new float[1], DistanceType.L2, 3)
                .where(row -> {
                    asked.add(row);
                    return true;
                })
                .newCollector(rowCount);
        collector.add(segment(rows), rowCount, null, 0, null);
        assertEquals(3, FlatSearch.merge(List.of(collector)).size());
        assertTrue(asked.size() < 10, asked.toString());
    }

    @Test
    void cosineOfAZeroVectorIsNoResult() {
        ColumnBuffers column = column(2, 3, new float[] {0, 0, 5, 0, 0, 5}, null, 0);
        FlatSearch.Collector collector = FlatSearch.of(new float[] {2, 0}, DistanceType.COSINE, 10).newCollector(3);
        collector.add(column, 0);
        assertEquals(List.of(new Neighbor(1, 0), new Neighbor(2, 1)), FlatSearch.merge(List.of(collector)));
        FlatSearch.Collector nothing = FlatSearch.of(new float[2], DistanceType.COSINE, 10).newCollector(3);
        nothing.add(column, 0);
        assertEquals(List.of(), FlatSearch.merge(List.of(nothing)));
    }

    @Test
    void noRowsGiveNoResults() {
        FlatSearch search = FlatSearch.of(new float[3], DistanceType.DOT, 10);
        FlatSearch.Collector collector = search.newCollector(0);
        collector.add(MemorySegment.NULL, 0, null, 0, null);
        assertEquals(List.of(), FlatSearch.merge(List.of(collector)));
        assertEquals(List.of(), FlatSearch.merge(List.of()));
    }

    @Test
    void callersMistakesAreNamed() {
        FlatSearch search = FlatSearch.of(new float[3], DistanceType.DOT, 10);
        FlatSearch.Collector collector = search.newCollector(10);
        ColumnBuffers other = column(2, 1, new float[] {1, 2}, null, 0);
        var wrongDimension = assertThrows(IllegalArgumentException.class, () -> collector.add(other, 0));
        assertTrue(wrongDimension.getMessage().contains("3 elements, column 'vector' has 2"), wrongDimension.getMessage());
        Field text = Field.nullable("text", new LogicalType.Utf8(false));
        var wrongType = assertThrows(IllegalArgumentException.class, () -> search.requireSearchable(text));
        assertTrue(wrongType.getMessage().contains("'text'"), wrongType.getMessage());
        assertThrows(IllegalArgumentException.class, () -> FlatSearch.of(new float[0], DistanceType.L2, 1));
        assertThrows(IllegalArgumentException.class, () -> FlatSearch.of(new float[1], DistanceType.L2, 0));
        MemorySegment heap = MemorySegment.ofArray(new float[3]);
        assertThrows(IllegalArgumentException.class, () -> collector.add(heap, 1, null, 0, null));
        MemorySegment tooShort = segment(new float[4]);
        assertThrows(IndexOutOfBoundsException.class, () -> collector.add(tooShort, 2, null, 0, null));
    }

    @Test
    void distanceTypeIsFoundByItsCode() {
        assertEquals(DistanceType.COSINE, DistanceType.fromCode("Cosine"));
        assertThrows(IllegalArgumentException.class, () -> DistanceType.fromCode("manhattan"));
    }

    private ColumnBuffers column(
            int dimension, int rowCount, float[] values, @Nullable MemorySegment validity, int nullCount) {
        ColumnBuffers items = new ColumnBuffers(
                Field.nullable("item", FLOAT32), dimension * rowCount, 0, null, null, segment(values), List.of());
        return new ColumnBuffers(
                Field.nullable("vector", new LogicalType.FixedSizeList(FLOAT32, dimension)),
                rowCount,
                nullCount,
                validity,
                null,
                null,
                List.of(items));
    }

    private MemorySegment segment(float[] values) {
        return arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    }
}
