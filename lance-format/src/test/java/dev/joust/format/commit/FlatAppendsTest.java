// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.table.CompactionOptions;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.FeatureFlags;
import dev.joust.format.table.ManifestNaming;
import dev.joust.format.table.TestRows;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.CountingObjectStore;
import dev.joust.io.store.MemoryObjectStore;

/// What an append costs does not depend on how many there were before, as long as somebody compacts now and then.
class FlatAppendsTest {
    private static final int APPENDS = 400;
    private static final int EVERY = 50;
    /// Numbers grow longer: versions, ids of fragments, the rows of the compacted ones.
    private static final double MOST_LONGER = 1.03;

    private final Session session = Session.create();

    @AfterEach
    void close() {
        session.close();
    }

    /// What one append took.
    private record Cost(long requests, long reads, long bytesWritten, long manifestBytes) {}

    private List<Cost> costs(boolean transactionFile, boolean stableRowIds) throws IOException {
        ObjectStore store = new CountingObjectStore(new MemoryObjectStore());
        WriteOptions options = WriteOptions.DEFAULT.withTransactionFile(transactionFile).withStableRowIds(stableRowIds);
        Dataset table = Dataset.create(session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 1), options);
        List<Cost> costs = new ArrayList<>();
        for (int i = 1; i <= APPENDS; i++) {
            ReadStats before = store.stats();
            table = table.append(TestRows.reader(session, i, 1));
            ReadStats spent = store.stats().since(before);
            ObjectPath manifest = ObjectPath.of("_versions").resolve(ManifestNaming.V2.fileName(table.version()));
            costs.add(new Cost(
                    spent.requestCount(),
                    spent.getCount() + spent.headCount() + spent.listCount(),
                    spent.bytesWritten(),
                    store.head(manifest).sizeBytes()));
            if (i % EVERY == 0) {
                table = table.upkeep().compact(CompactionOptions.DEFAULT).dataset();
                assertEquals(1, table.manifest().fragments().size());
            }
        }
        assertEquals(APPENDS + 1, table.countRows());
        boolean flagged = (table.manifest().writerFeatureFlags() & FeatureFlags.NO_TRANSACTION_FILE) != 0;
        assertEquals(!transactionFile, flagged, "old writers, which know no transactions inside manifests, are kept away");
        return costs;
    }

    private static long writtenBytes(List<Cost> costs, int turn) {
        return costs.subList(turn * EVERY, (turn + 1) * EVERY).stream()
                .mapToLong(Cost::bytesWritten)
                .sum();
    }

    private static void assertFlat(List<Cost> costs, long requests) {
        long firstTurnBytes = writtenBytes(costs, 1);
        for (int turn = 2; turn < APPENDS / EVERY; turn++) {
            long bytes = writtenBytes(costs, turn);
            assertTrue(bytes <= MOST_LONGER * firstTurnBytes, "turn " + turn + ": " + bytes + " bytes after " + firstTurnBytes);
        }
        for (int i = 0; i < APPENDS; i++) {
            Cost cost = costs.get(i);
            Cost early = costs.get(EVERY + i % EVERY);
            String what = "append " + (i + 1) + ": " + cost + ", after the first compaction " + early;
            assertEquals(requests, cost.requests(), what);
            assertEquals(0, cost.reads(), what);
            assertTrue(cost.manifestBytes() <= MOST_LONGER * early.manifestBytes(), what);
        }
    }

    @Test
    void appendsTakeThreeRequestsHoweverManyThereWere() throws IOException {
        assertFlat(costs(true, false), 3);
    }

    @Test
    void appendsWithTransactionsInManifestsAloneTakeTwo() throws IOException {
        assertFlat(costs(false, false), 2);
    }

    /// The format keeps, in the manifest, the version that each row was made in, and the one that changed it last.
    @Test
    void rowsWithStableIdsAddTheirVersionsToTheManifest() throws IOException {
        List<Cost> costs = costs(false, true);
        assertEquals(List.of(2L), costs.stream().map(Cost::requests).distinct().toList());
        long growth = costs.getLast().manifestBytes() - costs.get(EVERY - 1).manifestBytes();
        assertTrue(growth <= 32L * (APPENDS - EVERY), growth + " bytes in " + (APPENDS - EVERY) + " appends");
    }
}
