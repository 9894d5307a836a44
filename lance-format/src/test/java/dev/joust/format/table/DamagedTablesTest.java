// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.commit.ConflictResolver;
import dev.joust.format.commit.Operation;
import dev.joust.format.commit.Proposal;
import dev.joust.format.commit.Transaction;
import dev.joust.format.internal.table.ManifestStore;
import dev.joust.format.table.TableMutant.Damage;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// Tables with a damaged manifest, transaction or deletion file: rows, a CorruptFileException, an
/// UnsupportedFormatException or, where a manifest names files, a NoSuchFileException, in bounded memory and time, and
/// nothing else. Rows of fragments that the damage leaves as they were must be those of the table as it was.
/// `-Djoust.seed=` repeats a run, `-Djoust.table.mutants=` makes it longer (`.ci/nightly` does).
class DamagedTablesTest {
    private static final long SEED = Long.getLong("joust.seed", 20261121);
    private static final int MUTANTS = Integer.getInteger("joust.table.mutants", 1500);
    private static final long BASE_BYTES = 64 << 20;
    private static final long BYTES_PER_FILE_BYTE = 16;
    private static final long MAX_MILLIS = 5000;

    private static final List<Operation> OPERATIONS = List.of(
            new Operation.Append(List.of()),
            new Operation.Delete(List.of(), List.of(0L, 1L), "true"),
            new Operation.ReserveFragments(1, Bytes.EMPTY));

    private final Session session =
            Session.builder().cacheBytes(0).batchMemoryBytes(BASE_BYTES).build();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Map<TableMutant.Version, Optional<Expected>> expected = new HashMap<>();
    private final Map<Damage, Figures> figures = new EnumMap<>(Damage.class);

    /// A version as it was.
    ///
    /// @param live     rows
    /// @param physical with deleted ones
    private record Expected(Manifest manifest, ScannedRows live, ScannedRows physical) {}

    /// What became of the mutants of a kind.
    private static final class Figures {
        private int mutants;
        private int refusals;
        private int missingFiles;
        private int refusedTransactions;
        private long rows;
        private long comparedRows;
        private long comparedIds;
        private long maxBytes;
        private long maxMillis;

        @Override
        public String toString() {
            return mutants + " mutants, " + refusals + " refused, " + missingFiles + " name missing files, "
                    + refusedTransactions + " transactions refused, " + rows
                    + " rows read, " + comparedRows + " of them compared, " + comparedIds
                    + " ids, at most " + maxBytes / 1024 + " KiB and "
                    + maxMillis + " ms each";
        }
    }

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void mutantsAreReadOrRefused() throws IOException {
        System.out.println(MUTANTS + " damaged tables of seed " + SEED);
        TableMutant.Originals originals = TableMutant.Originals.golden();
        Random seeds = new Random(SEED);
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < MUTANTS && failures.size() < 20; i++) {
            long seed = seeds.nextLong();
            Random random = new Random(seed);
            TableMutant mutant = TableMutant.of(originals, random);
            try {
                check(mutant, random, "mutant " + seed + ", " + mutant);
            } catch (AssertionError e) {
                failures.add(e.getMessage() + ", " + e.getCause());
                if (failures.size() == 1) {
                    e.printStackTrace();
                }
            }
        }
        System.out.println(MUTANTS + " damaged tables of seed " + SEED + ": " + figures);
        assertEquals(List.of(), failures, "of seed " + SEED);
        for (Damage damage : Damage.values()) {
            Figures found = figures.getOrDefault(damage, new Figures());
            assertTrue(
                    found.comparedRows > 0 && (damage == Damage.TRANSACTION || found.refusals > found.mutants / 10),
                    damage + ": the mutator damages too much or too little");
        }
    }

    /// `-Djoust.table.mutant=` repeats one: the number that a failure names.
    @Test
    @EnabledIfSystemProperty(named = "joust.table.mutant", matches = ".+")
    void oneMutantIsReadOrRefused() throws IOException {
        Random random = new Random(Long.getLong("joust.table.mutant"));
        TableMutant mutant = TableMutant.of(TableMutant.Originals.golden(), random);
        check(mutant, random, mutant.toString());
    }

    private void check(TableMutant mutant, Random random, String what) throws IOException {
        Expected original = expected.computeIfAbsent(mutant.version(), this::read).orElse(null);
        Figures found = figures.computeIfAbsent(mutant.damage(), _ -> new Figures());
        found.mutants++;
        long limit = BASE_BYTES + BYTES_PER_FILE_BYTE * mutant.sizeBytes();
        ArrowMemory memory = ArrowMemory.of(session);
        long peakBefore = memory.allocator().getPeakMemoryAllocation();
        long heapBefore = threads.getTotalThreadAllocatedBytes();
        long start = System.nanoTime();
        ScannedRows rows = null;
        Dataset dataset = null;
        try {
            dataset = Dataset.open(session, mutant.store());
            rows = ScannedRows.of(session, dataset);
            take(dataset, rows, random);
        } catch (CorruptFileException | UnsupportedFormatException e) {
            found.refusals++;
        } catch (NoSuchFileException e) {
            found.missingFiles++;
            if (mutant.damage() != Damage.MANIFEST && original != null) {
                fail(what, e);
            }
        } catch (Throwable e) {
            fail(what, e);
        }
        readTransaction(mutant, what, found);
        for (int i = 0; i < 100 && memory.allocatedBytes() > 0; i++) {
            sleep(); // batches of a scan that failed are still being given up
        }
        assertEquals(0, memory.allocatedBytes(), what + ": memory that is not given back");
        long peak = memory.allocator().getPeakMemoryAllocation();
        long allocated = threads.getTotalThreadAllocatedBytes() - heapBefore + (peak > peakBefore ? peak : 0);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        found.maxMillis = Math.max(found.maxMillis, millis);
        found.maxBytes = Math.max(found.maxBytes, allocated);
        assertTrue(millis < MAX_MILLIS, what + " took " + millis + " ms");
        assertTrue(allocated < limit, what + ", " + mutant.sizeBytes() + " bytes, allocated " + allocated);
        if (rows != null && dataset != null) {
            found.rows += rows.count;
            compareIds(dataset, rows, what, found);
            assertTrue(!rows.complete || rows.count == dataset.countRows(), what + ": " + rows.count + " rows come, "
                    + dataset.countRows() + " are said to be there");
            if (original != null) {
                compare(mutant, dataset, rows, original, what, found);
            }
        }
        if (mutant.damage() == Damage.TRANSACTION && original != null) {
            assertTrue(rows != null, what + ": no rows");
        }
    }

    /// The version as it was; empty where it is not read, or is too large to be compared.
    private Optional<Expected> read(TableMutant.Version version) {
        try {
            byte[] manifest = version.manifestBytes();
            Dataset live = Dataset.open(session, version.store(manifest, ManifestNaming.V2));
            byte[] whole = new ManifestMutator(manifest, new Random(0)).withoutDeletions();
            Dataset physical = Dataset.open(session, version.store(whole, ManifestNaming.V2));
            Expected rows = new Expected(
                    live.manifest(), ScannedRows.of(session, live), ScannedRows.of(session, physical));
            return rows.physical.complete ? Optional.of(rows) : Optional.empty();
        } catch (IOException | CorruptFileException | UnsupportedFormatException e) {
            return Optional.empty();
        }
    }

    /// Ids against those that the manifest's sequences list, which say what they say, damaged or not.
    private static void compareIds(Dataset dataset, ScannedRows rows, String what, Figures found)
            throws IOException {
        if (!dataset.manifest().hasStableRowIds()) {
            return;
        }
        long fragment = -1;
        long[] ids = new long[0];
        for (int i = 0; i < rows.count; i++) {
            long id = Integer.toUnsignedLong(RowAddress.fragmentId(rows.addresses[i]));
            if (id != fragment) {
                fragment = id;
                ids = ListedIds.of(dataset.manifest().fragment(id).orElseThrow());
            }
            found.comparedIds++;
            assertEquals(
                    ids[RowAddress.rowOffset(rows.addresses[i])],
                    rows.ids[i],
                    what + ": id of " + RowAddress.toString(rows.addresses[i]));
        }
    }

    private static void compare(
            TableMutant mutant, Dataset dataset, ScannedRows rows, Expected original, String what, Figures found) {
        if (mutant.damage() == Damage.TRANSACTION) {
            assertTrue(rows.same(original.live), what + ": other rows, for a transaction");
            found.comparedRows += rows.count;
            return;
        }
        if (!dataset.schema().equals(original.manifest.schema())
                || !dataset.manifest().basePaths().equals(original.manifest.basePaths())) {
            return;
        }
        boolean sameIds = dataset.manifest().hasStableRowIds() == original.manifest.hasStableRowIds();
        Map<Long, Integer> hashes = new HashMap<>();
        Map<Long, Long> liveIds = new HashMap<>();
        for (int i = 0; i < original.physical.count; i++) {
            hashes.put(original.physical.addresses[i], original.physical.hashes[i]);
        }
        for (int i = 0; i < original.live.count; i++) {
            liveIds.put(original.live.addresses[i], original.live.ids[i]);
        }
        Fragment now = null;
        Fragment before = null;
        long last = -1;
        for (int i = 0; i < rows.count; i++) {
            long address = rows.addresses[i];
            long fragment = Integer.toUnsignedLong(RowAddress.fragmentId(address));
            if (now == null || now.id() != fragment) {
                now = only(dataset.manifest(), fragment);
                before = only(original.manifest, fragment);
                last = -1;
            }
            if (now == null || before == null) {
                continue;
            }
            long offset = Integer.toUnsignedLong(RowAddress.rowOffset(address));
            assertTrue(offset > last && offset < now.physicalRowCount(), what + ": row " + offset + " after " + last);
            last = offset;
            if (!now.files().equals(before.files()) || now.physicalRowCount() != before.physicalRowCount()) {
                continue;
            }
            found.comparedRows++;
            assertEquals(hashes.get(address), rows.hashes[i], what + ": row " + RowAddress.toString(address));
            if (mutant.damage() == Damage.MANIFEST && sameIds && now.equals(before)) {
                assertEquals(liveIds.get(address), rows.ids[i], what + ": id of " + RowAddress.toString(address));
            }
        }
    }

    /// The fragment of that id; null for none, or for two.
    private static @Nullable Fragment only(Manifest manifest, long id) {
        List<Fragment> found = manifest.fragments().stream()
                .filter(fragment -> fragment.id() == id)
                .toList();
        return found.size() == 1 ? found.getFirst() : null;
    }

    /// Some rows one by one, by number and by id.
    private static void take(Dataset dataset, ScannedRows rows, Random random) throws IOException {
        if (rows.count == 0) {
            return;
        }
        List<String> columns = dataset.schema().fields().stream()
                .map(field -> field.name())
                .filter(name -> name.indexOf('.') < 0)
                .limit(2)
                .toList();
        int row = random.nextInt(rows.count);
        dataset.takePositions(new long[] {row, random.nextInt(rows.count)}, columns).close();
        dataset.takeRowIds(new long[] {rows.ids[row]}, columns).close();
    }

    /// The transaction that made the version, which a writer asks for and holds its own against.
    private static void readTransaction(TableMutant mutant, String what, Figures found) {
        try {
            ObjectStore store = mutant.store();
            ManifestStore manifests = new ManifestStore(store);
            Optional<Transaction> transaction =
                    manifests.transactionOf(manifests.read(manifests.latest().orElseThrow()));
            transaction.ifPresent(theirs -> {
                for (Operation ours : OPERATIONS) {
                    ConflictResolver.check(new Proposal(Transaction.of(0, ours, Map.of()), null), theirs);
                }
            });
        } catch (CorruptFileException | UnsupportedFormatException e) {
            found.refusedTransactions++;
        } catch (Throwable e) {
            fail(what + ", transaction", e);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
