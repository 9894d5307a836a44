// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.Joust;
import dev.joust.format.CorruptFileException;
import dev.joust.format.file.FileVersion;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.WriteOptions;
import dev.joust.index.DistanceType;
import dev.joust.index.IvfPq;

/// A search that refines all rows finds what an exact search finds, at the same distances: with vectors that lie where a
/// row's number says, and with others, in local files.
class RefinedSearchTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final int ROWS = 600;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    private float[] vector(int dimension) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private List<Map<String, @Nullable Object>> rows(int first, int count, int dimension, boolean nulls) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (int id = first; id < first + count; id++) {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("id", (long) id);
            row.put("vector", nulls && id % 7 == 3 ? null : vector(dimension));
            rows.add(row);
        }
        return rows;
    }

    private Table table(Database database, int dimension, boolean nulls) {
        Table table = database.createTable(
                "t",
                Schema.of(
                        Field.nullable("id", new LogicalType.Int(64, true)),
                        Field.nullable("vector", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), dimension))));
        table.add(rows(0, ROWS / 2, dimension, nulls));
        table.add(rows(ROWS / 2, ROWS / 2, dimension, nulls));
        return table;
    }

    static Stream<Arguments> cases() {
        return Stream.of(FileVersion.V2_0, FileVersion.V2_1, FileVersion.V2_2)
                .flatMap(version -> Stream.of(16, 128)
                        .flatMap(dimension -> Stream.of(true, false).map(nulls -> Arguments.of(version, dimension, nulls))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void refiningAllRowsIsAnExactSearch(FileVersion version, int dimension, boolean nulls) {
        WriteOptions writing = WriteOptions.DEFAULT.withFileVersion(version);
        try (Database database = Joust.connect(folder.toString(), ConnectOptions.DEFAULT.withWriteOptions(writing))) {
            Table table = table(database, dimension, nulls);
            for (DistanceType metric : List.of(DistanceType.L2, DistanceType.COSINE, DistanceType.DOT)) {
                table.createIndex("vector", IvfPq.withMetric(metric).partitions(2).subVectors(8), "an index", true);
                table.delete("id % 11 = " + metric.code().length());
                float[] query = vector(dimension);
                List<Hit<Map<String, @Nullable Object>>> refined =
                        table.search(query).nprobes(2).refine(ROWS / 10).limit(10).select("id").hits();
                List<Hit<Map<String, @Nullable Object>>> exact =
                        table.search(query).metric(metric).noIndex().limit(10).select("id").hits();
                String what = metric + " -Djoust.seed=" + SEED;
                assertTrue(table.search(query).explain().contains("an index"), what);
                assertEquals(10, refined.size(), what);
                for (int i = 0; i < 10; i++) {
                    assertEquals(exact.get(i).row(), refined.get(i).row(), what);
                    double rounding = 1e-5 * Math.max(1, Math.abs(exact.get(i).distance()));
                    assertEquals(exact.get(i).distance(), refined.get(i).distance(), rounding, what);
                }
            }
        }
    }

    @Test
    void fileCutShortWhileItIsMappedIsReported() throws IOException {
        try (Database database = Joust.connect(folder.toString())) {
            Table table = table(database, 1024, false);
            table.createIndex("vector", IvfPq.withMetric(DistanceType.L2).partitions(1).subVectors(8));
            float[] query = vector(1024);
            assertEquals(10, table.search(query).refine(20).count());
            try (Stream<Path> files = Files.list(folder.resolve("t.lance").resolve("data"))) {
                for (Path file : files.toList()) {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.truncate(100);
                    }
                }
            }
            assertThrows(CorruptFileException.class, () -> table.search(query).refine(20).count());
        }
    }
}
