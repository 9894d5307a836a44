// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.CommitConflictException;
import dev.joust.format.commit.Operation;
import dev.joust.io.Session;
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
