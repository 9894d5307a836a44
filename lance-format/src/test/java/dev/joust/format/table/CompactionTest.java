// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.CommitConflictException;
import dev.joust.format.commit.Operation;
import dev.joust.io.ObjectPath;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// Compaction: what is planned, what it reads, what rows and indices come to, and other writers in between.
class CompactionTest {
    private Session session;
    private MemoryObjectStore store;
    private Dataset dataset;

    @BeforeEach
    void create() throws IOException {
        session = Session.create();
        store = new MemoryObjectStore();
        dataset = table(store, false);
    }

    @AfterEach
    void close() {
        session.close();
    }

    /// 50 rows in 5 fragments.
    private Dataset table(MemoryObjectStore at, boolean stableRowIds) throws IOException {
        return Dataset.create(session, at, TestRows.SCHEMA, TestRows.reader(session, 0, 50),
                WriteOptions.DEFAULT.withMaxRowsPerFile(10).withStableRowIds(stableRowIds));
    }

    private static RowAddressSet addresses(long... addresses) {
        RowAddressSet.Builder builder = RowAddressSet.builder();
        LongStream.of(addresses).forEach(builder::add);
        return builder.build();
    }

    private static CompactionOptions target(long rows) {
        return CompactionOptions.DEFAULT.withTargetRowsPerFragment(rows);
    }

    private static List<List<Long>> plan(Dataset version, CompactionOptions options) {
        return version.upkeep().planCompaction(options).tasks().stream()
                .map(task -> task.fragments().stream().map(Fragment::id).toList())
                .toList();
    }

    private static List<Long> range(long start, long end) {
        return LongStream.range(start, end).boxed().toList();
    }

    @Test
    void smallNeighboursAreMergedUpToTheTarget() throws IOException {
        assertEquals(List.of(List.of(0L, 1L), List.of(2L, 3L, 4L)), plan(dataset, target(20)));
        assertEquals(List.of(List.of(0L, 1L, 2L, 3L, 4L)), plan(dataset, CompactionOptions.DEFAULT));
        assertEquals(List.of(), plan(dataset, target(10)), "none is smaller");
        Compacted compacted = dataset.upkeep().compact(target(20));
        assertEquals(range(0, 50), TestRows.ids(compacted.dataset()));
        assertEquals(new CompactionMetrics(5, 2, 5, 2), compacted.metrics());
        assertEquals(
                List.of(20L, 30L),
                compacted.dataset().manifest().fragments().stream().map(Fragment::physicalRowCount).toList());
    }

    @Test
    void aFragmentWithManyDeletedRowsIsWrittenAnewAlone() throws IOException {
        Dataset holes = dataset.deleteRows(
                addresses(RowAddress.of(1, 0), RowAddress.of(3, 0), RowAddress.of(3, 1)), "some");
        assertEquals(List.of(List.of(3L)), plan(holes, target(10)), "one of ten is not more than a tenth");
        assertEquals(List.of(), plan(holes, target(10).withMaterializeDeletions(false)));
        assertEquals(List.of(), plan(holes, target(10).withDeletionsThreshold(0.2)));
        Dataset compacted = holes.upkeep().compact(target(10)).dataset();
        assertEquals(TestRows.ids(holes).stream().sorted().toList(), TestRows.ids(compacted).stream().sorted().toList());
        assertEquals(1, compacted.manifest().fragments().stream().filter(f -> f.deletionFile() != null).count());
    }

    @Test
    void aFragmentWithoutLiveRowsLeavesNone() throws IOException {
        Dataset holes = dataset.deleteRows(addresses(LongStream.range(0, 9).toArray()), "most");
        CompactionOptions options = target(10).withExcludedFragments(java.util.Set.of());
        Dataset compacted = holes.upkeep().compact(options).dataset();
        assertEquals(1, compacted.manifest().fragments().getLast().physicalRowCount());
    }

    @Test
    void nothingToDoCommitsNothing() throws IOException {
        ReadStats before = store.stats();
        Compacted same = dataset.upkeep().compact(target(10));
        assertSame(dataset, same.dataset());
        assertEquals(CompactionMetrics.NONE, same.metrics());
        assertEquals(0, store.stats().since(before).requestCount());
    }

    @Test
    void compactingTwoOfAHundredFragmentsReadsOnlyThose() throws IOException {
        MemoryObjectStore hundred = new MemoryObjectStore();
        Dataset wide = Dataset.create(session, hundred, TestRows.SCHEMA, TestRows.reader(session, 0, 10_000),
                WriteOptions.DEFAULT.withMaxRowsPerFile(100));
        Dataset holes = wide.deleteRows(
                addresses(LongStream.range(0, 50).flatMap(row -> LongStream.of(
                        RowAddress.of(40, (int) row), RowAddress.of(41, (int) row))).toArray()),
                "half of two");
        long dataBytes = holes.manifest().fragments().get(40).files().getFirst().sizeBytes()
                + holes.manifest().fragments().get(41).files().getFirst().sizeBytes();
        ReadStats before;
        Compacted compacted;
        try (Session cold = Session.create()) {
            Dataset opened = Dataset.open(cold, hundred);
            before = hundred.stats();
            compacted = opened.upkeep().compact(target(100));
        }
        ReadStats cost = hundred.stats().since(before);
        assertEquals(2, compacted.metrics().fragmentsRemoved());
        assertTrue(cost.bytesRead() < 2 * dataBytes, cost.bytesRead() + " bytes read of files of " + dataBytes);
        assertEquals(3, cost.putCount(), "a data file, the transaction and the manifest");
        assertEquals(9_900, compacted.dataset().countRows());
        assertEquals(9_900, TestRows.ids(Dataset.open(session, hundred)).stream().distinct().count());
    }

    @Test
    void budgetsAndExclusionsBoundARun() {
        assertEquals(List.of(List.of(0L, 1L)), plan(dataset, target(20).withMaxSourceFragments(4L)));
        assertEquals(List.of(List.of(0L, 1L)), plan(dataset, target(20).withMaxSourceRows(49L)));
        assertEquals(List.of(), plan(dataset, target(20).withMaxSourceBytes(1L)));
        assertEquals(
                List.of(List.of(0L, 1L), List.of(3L, 4L)),
                plan(dataset, target(1000).withExcludedFragments(java.util.Set.of(2L))));
    }

    @Test
    void theTablesConfigChangesTheDefaults() throws IOException {
        Dataset configured = dataset.updateConfig(
                MetadataUpdate.set(Map.of("lance.compaction.target_rows_per_fragment", "20", "other", "x")));
        assertEquals(2, configured.upkeep().compact().metrics().fragmentsAdded());
        assertThrows(
                IllegalArgumentException.class,
                () -> CompactionOptions.ofConfig(Map.of("lance.compaction.batch_size", "many")));
    }

    @Test
    void stableRowIdsAndVersionsStayWithTheirRows() throws IOException {
        Dataset stable = table(new MemoryObjectStore(), true);
        Dataset holes = stable.append(TestRows.reader(session, 50, 3))
                .deleteRows(addresses(0, 3, 4, RowAddress.of(2, 5)), "some");
        List<Map<String, @Nullable Object>> before = idsAndNames(holes);
        Dataset compacted = holes.upkeep().compact(target(24)).dataset();
        assertEquals(before, idsAndNames(compacted));
        assertEquals(
                List.of(25L, 24L),
                compacted.manifest().fragments().stream().map(Fragment::physicalRowCount).toList());
        assertEquals(stable.manifest().nextRowId() + 3, compacted.manifest().nextRowId());
        Dataset again = compacted.append(TestRows.reader(session, 90, 1));
        assertEquals(53L, idsAndNames(again).getLast().get("_rowid"));
    }

    private static List<Map<String, @Nullable Object>> idsAndNames(Dataset version) throws IOException {
        return TestRows.rows(version.scan(ScanOptions.ALL.withColumns("id", "name").withRowIds()));
    }

    @Test
    void tasksDoneElsewhereAreCommittedTogether() throws IOException {
        CompactionPlan plan = dataset.upkeep().planCompaction(target(20));
        List<CompactionPlan.Result> results = new ArrayList<>();
        for (CompactionPlan.Task task : plan.tasks().reversed()) {
            results.add(Dataset.openAt(session, store, plan.readVersion()).upkeep().executeCompaction(plan, task));
        }
        Dataset committed = dataset.upkeep().commitCompaction(results, plan.options());
        assertEquals(range(0, 50), TestRows.ids(committed).stream().sorted().toList());
        assertThrows(IllegalArgumentException.class, () -> committed.upkeep().executeCompaction(plan, plan.tasks().getFirst()));
    }

    @Test
    void appendsByOthersPassACompaction() throws IOException {
        Dataset old = dataset;
        dataset.append(TestRows.reader(session, 50, 5));
        Dataset compacted = old.upkeep().compact().dataset();
        assertEquals(range(0, 55), TestRows.ids(compacted).stream().sorted().toList());
        assertEquals(2, compacted.manifest().fragments().size());
    }

    @Test
    void deletesByOthersAreSeenWhenACompactionIsDoneAgain() throws IOException {
        Dataset old = dataset;
        dataset.deleteRows(addresses(RowAddress.of(1, 5)), "one");
        Dataset compacted = old.upkeep().compact(target(20)).dataset();
        List<Long> expected = new ArrayList<>(range(0, 50));
        expected.remove(15L);
        assertEquals(expected, TestRows.ids(compacted).stream().sorted().toList());
        assertThrows(
                CommitConflictException.class,
                () -> old.withOptions(WriteOptions.DEFAULT.withOnlyOnReadVersion(true)).upkeep().compact(target(20)));
    }

    @Test
    void anIndexThatKnowsAddressesLosesWhatIsRewrittenUnlessItIsRemapped() throws IOException {
        IndexMetadata index = index(RoaringBitmap.bitmapOf(0, 1, 4));
        Dataset indexed = dataset.commit(new Operation.CreateIndex(List.of(index), List.of(), Bytes.EMPTY));
        assertEquals(
                List.of(List.of(0L, 1L), List.of(2L, 3L)),
                plan(indexed, target(100)), "fragments of different indices are not mixed");
        Dataset plain = indexed.upkeep().compact(target(100)).dataset();
        assertEquals(RoaringBitmap.bitmapOf(4), bitmap(plain.manifest().indices().getFirst()));

        Dataset again = plain.commit(new Operation.Restore(indexed.version(), Bytes.EMPTY));
        Recorder remapper = new Recorder();
        Dataset remapped = again.upkeep().compact(target(100).withIndexRemappers(List.of(remapper))).dataset();
        IndexMetadata after = remapped.manifest().indices().getFirst();
        assertNotEquals(index.uuid(), after.uuid());
        List<Fragment> fragments = remapped.manifest().fragments();
        long merged = fragments.get(1).id();
        assertEquals(RoaringBitmap.bitmapOf(4, (int) merged), bitmap(after));
        for (long id = 0; id < 20; id++) {
            assertEquals(RowAddress.of(merged, (int) id), remapper.moved[(int) id]);
        }
        assertEquals(
                range(0, 20),
                Arrays.stream(remapper.moved).map(address -> id(remapped, address)).boxed().toList());
    }

    private static long id(Dataset version, long address) {
        try (var batch = version.take(new long[] {address}, List.of("id"))) {
            return (Long) dev.joust.format.batch.ColumnValues.get(batch.column("id"), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Writes down where the rows of fragments 0 and 1 went.
    private final class Recorder implements IndexRemapper {
        private long[] moved = new long[0];

        @Override
        public boolean canRemap(IndexMetadata index) {
            return index.name().equals("by_address");
        }

        @Override
        public java.util.Optional<Operation.Rewrite.RewrittenIndex> remap(Dataset version, IndexMetadata index, RowMoves moves)
                throws IOException {
            assertEquals(java.util.Set.of(0L, 1L, 2L, 3L), moves.movedFragmentIds());
            moved = moves.newAddressesOf(LongStream.range(0, 20)
                    .map(row -> RowAddress.of(row / 10, (int) (row % 10)))
                    .toArray());
            UUID uuid = UUID.randomUUID();
            store.put(ObjectPath.of("_indices/" + uuid + "/rows"), new byte[] {1});
            return java.util.Optional.of(new Operation.Rewrite.RewrittenIndex(
                    index.uuid(), uuid, index.detailsTypeUrl(), index.details(), 0,
                    List.of(new IndexMetadata.IndexFile("rows", 1, Bytes.EMPTY)), Bytes.EMPTY));
        }
    }

    private static RoaringBitmap bitmap(IndexMetadata index) throws IOException {
        RoaringBitmap bitmap = new RoaringBitmap();
        bitmap.deserialize(ByteBuffer.wrap(index.fragmentBitmap().toByteArray()));
        return bitmap;
    }

    private IndexMetadata index(RoaringBitmap fragments) {
        ByteBuffer bytes = ByteBuffer.allocate(fragments.serializedSizeInBytes());
        fragments.serialize(bytes);
        return new IndexMetadata(
                UUID.randomUUID(), List.of(0), "by_address", dataset.version(), Bytes.of(bytes.array()),
                "/lance.table.ZoneMapIndexDetails", Bytes.EMPTY, 0, 1L, null, List.of(), Bytes.EMPTY);
    }
}
