// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Kinds of indices that have a shorter name.
class IndexKindsTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);

    @TempDir
    Path folder;

    private Path table() throws IOException {
        Random random = new Random(SEED);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            lines.append("{\"id\":").append(i).append(",\"vector\":[");
            for (int k = 0; k < 8; k++) {
                lines.append(k == 0 ? "" : ",").append(String.format(Locale.ROOT, "%.4f", random.nextGaussian()));
            }
            lines.append("]}\n");
        }
        Path table = folder.resolve("t.lance");
        Run.ok("import", Files.writeString(folder.resolve("rows.jsonl"), lines), table);
        return table;
    }

    @ParameterizedTest
    @CsvSource({"HNSW, IVF_HNSW_FLAT", "hnsw_sq, IVF_HNSW_SQ", "HNSW_PQ, IVF_HNSW_PQ"})
    void oneGraphIsAnIndexOfOnePartition(String type, String kind) throws IOException {
        Path table = table();
        JsonNode created = Run.json("index", "create", table, "-c", "vector", "--type", type, "--json");
        assertEquals(kind, created.get("type").asText());
        JsonNode stats = Run.json("index", "stats", table, "vector_idx", "--json");
        assertEquals(kind, stats.get("type").asText());
        assertEquals("[300]", stats.get("segments_stats").get(0).get("partitions").toString());
    }

    @Test
    void morePartitionsThanOneGraphHasAreRefused() throws IOException {
        Run run = Run.of("index", "create", table(), "-c", "vector", "--type", "HNSW", "--partitions", "4");
        assertEquals(2, run.exit());
        assertTrue(run.err().contains("--partitions 4"), run.err());
    }
}
