// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.format.batch.Batch;
import dev.joust.format.commit.Operation;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// What it costs to open a table, to look for newer versions, and to take a row of a large one.
class OpeningTest {
    private static final ObjectPath HINT = ObjectPath.of("_versions/latest_version_hint.json");

    private Session session;
    private MemoryObjectStore memory;

    @BeforeEach
    void open() {
        session = Session.create();
        memory = new MemoryObjectStore();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private Dataset create(ObjectStore store, int versions) throws IOException {
        Dataset dataset = Dataset.create(
                session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 10), WriteOptions.DEFAULT);
        for (int i = 1; i < versions; i++) {
            dataset = dataset.append(TestRows.reader(session, 10L * i, 10));
        }
        return dataset;
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T costs(Map<String, Integer> expected, Work<T> work) throws IOException {
        ReadStats before = memory.stats();
        T result = work.run();
        ReadStats cost = memory.stats().since(before);
        assertEquals(
                expected,
                Map.of(
                        "get", (int) cost.getCount(),
                        "head", (int) cost.headCount(),
                        "list", (int) cost.listCount(),
                        "put", (int) cost.putCount()));
        return result;
    }

    private static Map<String, Integer> requests(int get, int head, int list) {
        return Map.of("get", get, "head", head, "list", list, "put", 0);
    }

    @Test
    void openingIsOneListingAndOneGet() throws IOException {
        create(memory, 5);
        Dataset latest = costs(requests(1, 0, 1), () -> Dataset.open(session, memory));
        assertEquals(5, latest.version());
        assertEquals(2, costs(requests(1, 0, 0), () -> Dataset.openAt(session, memory, 2)).version());
    }

    @Test
    void refreshingWithoutANewerVersionReadsNothing() throws IOException {
        create(memory, 2);
        Dataset latest = Dataset.open(session, memory);
        Dataset same = costs(requests(0, 0, 1), latest::refresh);
        assertSame(latest.manifest(), same.manifest());
        latest.append(TestRows.reader(session, 50, 1));
        assertEquals(3, costs(requests(1, 0, 1), latest::refresh).version());
    }

    @Test
    void whereListingsHaveNoOrderTheHintAndALookUpwardFindTheNewest() throws IOException {
        UnorderedStore store = new UnorderedStore(memory);
        create(store, 4);
        assertEquals(
                "{\"version\":4}", new String(memory.readAll(HINT, 100), StandardCharsets.UTF_8));
        assertEquals(4, costs(requests(2, 2, 0), () -> Dataset.open(session, store)).version());
        memory.put(HINT, "{\"version\":2}".getBytes(StandardCharsets.UTF_8));
        assertEquals(4, costs(requests(2, 4, 0), () -> Dataset.open(session, store)).version());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "{\"version\":9}", "{\"version\":0}", "{\"version\":-1}", "4", "{\"version\":18446744073709551615}"})
    void aHintThatIsWrongIsHarmless(String hint) throws IOException {
        UnorderedStore store = new UnorderedStore(memory);
        create(store, 4);
        memory.put(HINT, hint.getBytes(StandardCharsets.UTF_8));
        assertEquals(4, Dataset.open(session, store).version());
        memory.delete(HINT);
        assertEquals(4, Dataset.open(session, store).version());
    }

    @Test
    void aLargeManifestIsTwoGetsWithoutItsTransaction() throws IOException {
        int count = 30_000;
        Dataset first = create(memory, 1);
        List<Fragment> same = new ArrayList<>(Collections.nCopies(
                count, first.manifest().fragments().getFirst().withId(0)));
        first.commit(new Operation.Append(same));
        ReadStats before = memory.stats();
        Dataset large = costs(requests(2, 0, 1), () -> Dataset.open(session, memory));
        long fileBytes = memory.head(ObjectPath.of("_versions/18446744073709551613.manifest")).sizeBytes();
        long readBytes = memory.stats().since(before).bytesRead();
        assertTrue(readBytes < 0.6 * fileBytes, readBytes + " of " + fileBytes + " bytes were read");
        assertEquals(count + 1, large.manifest().fragments().size());
        assertEquals(first.manifest().fragments().getFirst().withId(count), large.manifest().fragments().getLast());
        // How long manifests of the table are is known now.
        large.append(TestRows.reader(session, 0, 1));
        costs(requests(1, 0, 1), () -> Dataset.open(session, memory));
        List<String> columns = List.of("id");
        try (Batch row = large.takePositions(new long[] {10L * count + 7}, columns)) {
            assertEquals(1, row.rowCount());
        }
        before = memory.stats();
        try (Batch row = large.takePositions(new long[] {12_345}, columns)) {
            assertEquals(1, row.rowCount());
        }
        assertTrue(memory.stats().since(before).getCount() <= 1, "more than the row's page was read");
    }
}
