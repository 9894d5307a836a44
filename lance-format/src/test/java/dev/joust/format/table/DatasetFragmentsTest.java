// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.CommitConflictException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.commit.Operation;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.Fault;
import dev.joust.io.internal.wrap.FaultyObjectStore;
import dev.joust.io.store.MemoryObjectStore;

/// Work on some fragments of a table: reading them alone, merging them, committing only if nobody else has.
class DatasetFragmentsTest {
    private Session session;
    private MemoryObjectStore store;
    private Dataset dataset;

    @BeforeEach
    void create() throws IOException {
        session = Session.create();
        store = new MemoryObjectStore();
        dataset = Dataset.create(session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 50),
                WriteOptions.DEFAULT.withMaxRowsPerFile(10));
    }

    @AfterEach
    void close() {
        session.close();
    }

    private static List<Long> range(long start, long end) {
        return LongStream.range(start, end).boxed().toList();
    }

    private Operation.Rewrite merge(Dataset version, List<Fragment> fragments) throws IOException {
        ScanOptions rows = ScanOptions.ALL.withFragments(fragments.stream().map(Fragment::id).toList());
        List<Fragment> merged = version.withOptions(WriteOptions.DEFAULT).writeFragments(version.scan(rows));
        return new Operation.Rewrite(
                List.of(new Operation.Rewrite.Group(fragments, merged, Bytes.EMPTY)), List.of(), Bytes.EMPTY);
    }

    @Test
    void aScanOfSomeFragmentsReadsTheirRowsAlone() throws IOException {
        assertEquals(Stream.concat(range(10, 20).stream(), range(30, 40).stream()).toList(),
                TestRows.ids(dataset.scan(ScanOptions.ALL.withFragments(List.of(3L, 1L, 77L)))));
        assertEquals(range(12, 15), TestRows.ids(
                dataset.scan(ScanOptions.ALL.withFragments(List.of(1L)).withOffset(2).withLimit(3))));
        assertEquals(List.of(), TestRows.ids(dataset.scan(ScanOptions.ALL.withFragments(List.of()))));
    }

    @Test
    void aScanInNoOrderReadsTheSameRows() throws IOException {
        ScanOptions unordered = ScanOptions.ALL.withBatchRowCount(3).unordered();
        assertEquals(range(0, 50), sorted(TestRows.ids(dataset.scan(unordered))));
        assertEquals(range(12, 45), sorted(TestRows.ids(dataset.scan(unordered.withOffset(12).withLimit(33)))));
        assertEquals(List.of(), TestRows.ids(dataset.scan(unordered.withOffset(50))));
    }

    private static List<Long> sorted(List<Long> ids) {
        return ids.stream().sorted().toList();
    }

    /// Its bytes come only when all other rows were handed out.
    @Test
    void aScanInNoOrderDoesNotWaitForTheFirstFragment() throws IOException {
        String first = dataset.manifest().fragments().getFirst().files().getFirst().path();
        CountDownLatch othersRead = new CountDownLatch(1);
        ObjectStore held = new FaultyObjectStore(store, request -> {
            if (request.path().toString().endsWith(first)) {
                try {
                    assertTrue(othersRead.await(1, TimeUnit.MINUTES), "waited for the first fragment");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return new Fault.None();
        });
        List<Long> ids = new ArrayList<>();
        try (Session other = Session.create();
                BatchReader scan = Dataset.open(other, held).scan(ScanOptions.ALL.unordered())) {
            for (Batch batch = scan.next(); batch != null; batch = scan.next()) {
                try (Batch open = batch) {
                    for (int row = 0; row < open.rowCount(); row++) {
                        ids.add((Long) ColumnValues.get(open.column("id"), row));
                    }
                }
                if (ids.size() == 40) {
                    othersRead.countDown();
                }
            }
        }
        assertEquals(range(0, 10), ids.subList(40, 50));
        assertEquals(range(10, 50), sorted(ids.subList(0, 40)));
    }

    @Test
    void aFragmentThatCanNotBeReadFailsAScanInNoOrder() throws IOException {
        store.delete(ObjectPath.of(
                "data/" + dataset.manifest().fragments().get(3).files().getFirst().path()));
        assertThrows(IOException.class, () -> TestRows.ids(dataset.scan(ScanOptions.ALL.unordered())));
    }

    @Test
    void closingAScanBeforeItsEndFreesItsMemory() throws IOException, InterruptedException {
        for (ScanOptions options : List.of(ScanOptions.ALL, ScanOptions.ALL.unordered())) {
            try (BatchReader scan = dataset.scan(options.withBatchRowCount(2))) {
                Batch batch = scan.next();
                assertTrue(batch != null && batch.rowCount() == 2);
                batch.close();
            }
            // what is being read is freed when it is there
            for (int i = 0; i < 500 && ArrowMemory.of(session).allocatedBytes() > 0; i++) {
                Thread.sleep(10);
            }
            assertEquals(0, ArrowMemory.of(session).allocatedBytes());
        }
    }

    @Test
    void aCommitThatInsistsOnItsVersionFailsOverAnyOther() throws IOException {
        Operation append = new Operation.Append(dataset.writeFragments(TestRows.reader(session, 50, 10)));
        Dataset other = Dataset.open(session, store).append(TestRows.reader(session, 100, 1));
        assertTrue(assertThrows(CommitConflictException.class, () -> dataset.commitOnlyOnThis(append)).retryable());
        assertEquals(51, dataset.refresh().countRows());
        assertEquals(61, other.commitOnlyOnThis(append).countRows());
        assertEquals(61, Dataset.open(session, store).countRows());
    }

    @Test
    void mergedFragmentsHoldTheSameRows() throws IOException {
        Dataset deleted = dataset.deleteRows(RowAddressSet.of(RowAddress.of(1, 3), RowAddress.of(1, 4)), "two rows");
        Operation rewrite = merge(deleted, deleted.manifest().fragments().subList(0, 3));
        // An append meanwhile is in nobody's way
        Dataset.open(session, store).append(TestRows.reader(session, 50, 5));
        Dataset merged = deleted.commit(rewrite);
        assertEquals(4, merged.manifest().fragments().size());
        List<Long> expected = Stream.of(range(30, 55), range(0, 13), range(15, 30)).flatMap(List::stream).toList();
        assertEquals(expected, TestRows.ids(merged));
        assertEquals(expected, TestRows.ids(Dataset.open(session, store)));
        assertEquals(range(0, 50), TestRows.ids(Dataset.openAt(session, store, 1)));
        assertEquals(0, merged.manifest().fragments().stream().mapToLong(Fragment::deletedRowCount).sum());
    }

    @Test
    void aMergeOfFragmentsThatChangedMeanwhileIsRefused() throws IOException {
        Operation rewrite = merge(dataset, dataset.manifest().fragments());
        Dataset.open(session, store).deleteRows(RowAddressSet.of(RowAddress.of(2, 0)), "one row");
        assertThrows(CommitConflictException.class, () -> dataset.commit(rewrite));
        assertEquals(49, dataset.refresh().countRows());
    }
}
