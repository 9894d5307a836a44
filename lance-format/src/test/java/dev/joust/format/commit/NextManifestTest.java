// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static dev.joust.format.commit.Manifests.apply;
import static dev.joust.format.commit.Manifests.covered;
import static dev.joust.format.commit.Manifests.file;
import static dev.joust.format.commit.Manifests.fragment;
import static dev.joust.format.commit.Manifests.ids;
import static dev.joust.format.commit.Manifests.index;
import static dev.joust.format.commit.Manifests.rowIds;
import static dev.joust.format.commit.Manifests.schema;
import static dev.joust.format.commit.Manifests.table;
import static dev.joust.format.commit.Manifests.versions;
import static dev.joust.format.commit.Manifests.withIndices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.commit.Operation.UpdateConfig.MapUpdate;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.PrimaryKey;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.DeletionFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.StoredSchema;

class NextManifestTest {
    private static final String BY_ID = "BitmapIndexDetails";
    private static final String BY_ADDRESS = "ZoneMapIndexDetails";

    @Test
    void idsOfFragmentsAreNeverGivenTwice() {
        Manifest manifest = table(false, 3);
        manifest = apply(manifest, new Operation.Delete(List.of(), List.of(2L), "true"));
        manifest = apply(manifest, new Operation.Append(List.of(fragment("x", 0, 1, 2))));
        assertEquals(List.of(0L, 1L, 3L), fragmentIds(manifest));
        manifest = apply(manifest, new Operation.Overwrite(List.of(fragment("y", 0)), StoredSchema.of(schema("a"))));
        assertEquals(List.of(4L), fragmentIds(manifest));
    }

    @Test
    void fragmentsThatAreNotThereCantBeChanged() {
        Manifest manifest = table(false, 2);
        assertRefused(manifest, new Operation.Delete(List.of(), List.of(5L), ""), "fragment 5");
        Fragment unknown = manifest.fragments().getFirst().withId(7);
        assertRefused(manifest, new Operation.Delete(List.of(unknown), List.of(), ""), "fragment 7");
        assertRefused(
                manifest, Operation.Update.ofRows(List.of(), List.of(unknown), List.of(), List.of()), "fragment 7");
        assertRefused(manifest, Operation.Update.ofRows(List.of(3L), List.of(), List.of(), List.of()), "fragment 3");
    }

    @Test
    void reservedIdsAreTakenAndOthersRefused() {
        Manifest manifest = apply(table(false, 1), new Operation.ReserveFragments(2, Bytes.EMPTY));
        assertEquals(2, manifest.maxFragmentId());
        Manifest appended = apply(manifest, new Operation.Append(List.of(fragment("x", 0, 1, 2).withId(2))));
        assertEquals(List.of(0L, 2L), fragmentIds(appended));
        assertThrows(
                IllegalArgumentException.class,
                () -> apply(manifest, new Operation.Append(List.of(fragment("x", 0, 1, 2).withId(3)))));
        assertThrows(
                IllegalArgumentException.class,
                () -> apply(appended, new Operation.Append(List.of(fragment("y", 0, 1, 2).withId(2)))));
    }

    @Test
    void idsReservedInAnEmptyTableLeaveOutZero() {
        Manifest empty = NextManifest.of(
                null,
                null,
                Transaction.of(0, new Operation.Overwrite(List.of(), StoredSchema.of(schema("a"))), Map.of()),
                Manifests.SETTINGS);
        assertNull(empty.maxFragmentId());
        assertEquals(
                3, apply(empty, new Operation.ReserveFragments(3, Bytes.EMPTY)).maxFragmentId());
    }

    @Test
    void mergeAddsColumnsAndKeepsTheRest() {
        Manifest before = withIndices(table(true, 2), index("onB", BY_ID, 1, 0, 1));
        List<Fragment> merged = withFile(before, file("new", 3));
        Manifest after = apply(before, merge(merged, schema("a", "b", "c", "d")));
        assertEquals(4, after.schema().fields().size());
        assertEquals(List.of(0, 1), covered(after, "onB"));
        Fragment first = after.fragments().getFirst();
        assertEquals(Collections.nCopies(10, after.version()), versions(first, first.lastUpdatedAtVersions()));
        assertEquals(Collections.nCopies(10, 1L), versions(first, first.createdAtVersions()));
    }

    @Test
    void mergeThatWritesAColumnAnewTakesFragmentsFromItsIndex() {
        Manifest before = withIndices(
                table(false, 2), index("onB", BY_ADDRESS, 1, 0, 1), index("onA", BY_ADDRESS, 0, 0, 1));
        List<Fragment> merged = new ArrayList<>(before.fragments());
        Fragment first = merged.getFirst();
        merged.set(0, first.withFiles(List.of(
                first.files().getFirst().withFieldIds(List.of(0, DataFile.TOMBSTONE, 2)), file("b2", 1))));
        Manifest after = apply(before, merge(merged, before.schema()));
        assertEquals(List.of(1), covered(after, "onB"));
        assertEquals(List.of(0, 1), covered(after, "onA"));
    }

    @Test
    void mergeThatDropsAColumnDropsItsIndex() {
        Manifest before = withIndices(table(false, 1), index("onC", BY_ID, 2, 0), index("onA", BY_ID, 0, 0));
        Manifest after = apply(before, merge(before.fragments(), schema("a", "b")));
        assertEquals(List.of("onA"), after.indices().stream().map(IndexMetadata::name).toList());
    }

    @Test
    void mergeMayAddRowsAfterThoseThatAreThere() {
        Manifest before = table(true, 2);
        List<Fragment> merged = new ArrayList<>(before.fragments());
        merged.add(fragment("x", 0, 1, 2));
        Manifest after = apply(before, merge(merged, before.schema()));
        assertEquals(List.of(0L, 1L, 2L), fragmentIds(after));
        assertEquals(range(20, 30), rowIds(after.fragments().get(2)));
        assertEquals(30, after.nextRowId());
        List<Fragment> wrongOrder = List.of(fragment("x", 0, 1, 2), before.fragments().get(0), before.fragments().get(1));
        assertThrows(IllegalArgumentException.class, () -> apply(before, merge(wrongOrder, before.schema())));
    }

    @Test
    void mergeThatLosesOrChangesFragmentsIsRefused() {
        Manifest before = table(true, 2);
        Schema same = before.schema();
        List<Fragment> all = before.fragments();
        assertRefused(before, merge(List.of(all.get(0)), same), "leaves out fragment 1");
        assertRefused(before, merge(List.of(all.get(0), all.get(1).withPhysicalRowCount(9)), same), "10 to 9 rows");
        assertRefused(
                before, merge(List.of(all.get(0), all.get(1).withLineage(null, null, null)), same), "row ids");
    }

    @Test
    void mergeThatGivesFieldIdsAnotherMeaningIsRefused() {
        Manifest before = table(false, 1);
        List<Field> fields = before.schema().fields();
        Field a = fields.get(0);
        Field b = fields.get(1);
        assertRefused(
                before,
                merge(before.fragments(), new Schema(List.of(b.withId(0), a.withId(1)), Map.of())),
                "makes field");
        assertRefused(
                before,
                merge(before.fragments(), new Schema(List.of(a.withType(new LogicalType.Int(32, true))), Map.of())),
                "type or nullability");
        assertRefused(
                before,
                merge(before.fragments(), new Schema(List.of(a, b.withId(3)), Map.of())),
                "without writing it in every fragment");
        Manifest dropped = apply(before, merge(before.fragments(), schema("a", "b")));
        assertRefused(dropped, merge(dropped.fragments(), schema("a", "b", "d")), "ids up to 2 are taken");
    }

    @Test
    void columnsChangedInPlaceLeaveTheirIndicesAndSayWhichRowsChanged() {
        Manifest before = withIndices(
                table(true, 2), index("onB", BY_ID, 1, 0, 1), index("onA", BY_ADDRESS, 0, 0, 1));
        Fragment first = before.fragments().getFirst();
        Fragment updated = first.withFiles(List.of(
                first.files().getFirst().withFieldIds(List.of(0, DataFile.TOMBSTONE, 2)), file("b2", 1)));
        Operation update = new Operation.Update(
                List.of(),
                List.of(updated),
                List.of(),
                List.of(1),
                List.of(),
                Operation.Update.Mode.REWRITE_COLUMNS,
                null,
                Map.of(0L, IndexSegments.bytes(RoaringBitmap.bitmapOf(3, 4))),
                Bytes.EMPTY);
        Manifest after = apply(before, update);
        assertEquals(List.of(1), covered(after, "onB"));
        assertEquals(List.of(0, 1), covered(after, "onA"));
        Fragment changed = after.fragments().getFirst();
        assertEquals(
                List.of(1L, 1L, 1L, after.version(), after.version(), 1L, 1L, 1L, 1L, 1L),
                versions(changed, changed.lastUpdatedAtVersions()));
        assertEquals(range(0, 10), rowIds(changed));
    }

    @Test
    void movedRowsKeepTheirIdAndTheVersionTheyWereMadeIn() {
        Manifest before = table(true, 3);
        // Rows 12 and 3 move, and 8 rows are new.
        Fragment added = fragment("x", 0, 1, 2).withLineage(ids(12, 3), null, null);
        Manifest after = apply(before, updateOf(before, List.of(0L, 1L), List.of(added), List.of(0, 1, 2)));
        Fragment moved = after.fragments().getLast();
        List<Long> expected = new ArrayList<>(List.of(12L, 3L));
        expected.addAll(range(30, 38));
        assertEquals(expected, rowIds(moved));
        assertEquals(38, after.nextRowId());
        List<Long> created = new ArrayList<>(List.of(2L, 1L));
        created.addAll(Collections.nCopies(8, 4L));
        assertEquals(created, versions(moved, moved.createdAtVersions()));
        assertEquals(Collections.nCopies(10, 4L), versions(moved, moved.lastUpdatedAtVersions()));
    }

    @Test
    void rowsThatMoveTwiceRememberTheFirstVersion() {
        Manifest manifest = table(true, 1);
        Fragment once = Fragment.written(List.of(file("x", 0, 1, 2)), 1).withLineage(ids(7), null, null);
        manifest = apply(manifest, updateOf(manifest, List.of(0L), List.of(once), List.of(0)));
        Fragment twice = Fragment.written(List.of(file("y", 0, 1, 2)), 1).withLineage(ids(7), null, null);
        manifest = apply(manifest, updateOf(manifest, List.of(1L), List.of(twice), List.of(0)));
        Fragment moved = manifest.fragments().getLast();
        assertEquals(List.of(1L), versions(moved, moved.createdAtVersions()));
        assertEquals(List.of(3L), versions(moved, moved.lastUpdatedAtVersions()));
        assertEquals(10, manifest.nextRowId());
    }

    @Test
    void rowsThatNoSourceHadCantHaveMoved() {
        Manifest before = table(true, 2);
        Fragment foreign = fragment("x", 0, 1, 2).withLineage(ids(12), null, null);
        assertRefused(before, updateOf(before, List.of(0L), List.of(foreign), List.of(0)), "row id 12");
        Fragment twice = fragment("x", 0, 1, 2).withLineage(ids(1, 1), null, null);
        assertRefused(before, updateOf(before, List.of(0L), List.of(twice), List.of(0)), "two places");
    }

    @Test
    void indicesByIdFollowMovedRowsWhoseColumnDidNotChange() {
        Manifest before = withIndices(
                table(true, 2),
                index("onA", BY_ID, 0, 0, 1),
                index("onB", BY_ID, 1, 0, 1),
                index("partly", BY_ID, 2, 1),
                index("byAddress", BY_ADDRESS, 0, 0, 1),
                index("oldBTree", "BTreeIndexDetails", 0, 0, 1),
                Manifests.indexOfVersion(1, "newBTree", "BTreeIndexDetails", 0, 0, 1));
        Fragment moved = Fragment.written(List.of(file("x", 0, 1, 2)), 2).withLineage(ids(3, 4), null, null);
        Fragment mixed = Fragment.written(List.of(file("y", 0, 1, 2)), 2).withLineage(ids(5), null, null);
        Manifest after = apply(before, updateOf(before, List.of(0L), List.of(moved, mixed), List.of(1)));
        assertEquals(List.of(0, 1, 2), covered(after, "onA"));
        assertEquals(List.of(0, 1), covered(after, "onB"));
        assertEquals(List.of(1), covered(after, "partly"));
        assertEquals(List.of(0, 1), covered(after, "byAddress"));
        assertEquals(List.of(0, 1, 2), covered(after, "oldBTree"));
        assertEquals(List.of(0, 1), covered(after, "newBTree"));
    }

    @Test
    void rewrittenFragmentsTakeThePlaceOfOldOnesInIndicesThatFollow() {
        Manifest before = apply(
                withIndices(
                        table(true, 3),
                        index("byId", BY_ID, 0, 0, 1),
                        index("partly", BY_ID, 1, 1, 2),
                        index("byAddress", BY_ADDRESS, 0, 0, 1, 2),
                        index("unknown", "SomethingNew", 0, 0, 1, 2)),
                new Operation.ReserveFragments(1, Bytes.EMPTY));
        Fragment rewritten = Fragment.written(List.of(file("x", 0, 1, 2)), 20)
                .withId(3)
                .withLineage(ids(LongStream.range(0, 20).toArray()), null, null);
        Manifest after = apply(before, rewrite(before, List.of(0L, 1L), List.of(rewritten), List.of()));
        assertEquals(List.of(2L, 3L), fragmentIds(after));
        assertEquals(List.of(3), covered(after, "byId"));
        assertEquals(List.of(2), covered(after, "partly"));
        assertEquals(List.of(2), covered(after, "byAddress"));
        assertEquals(List.of(2), covered(after, "unknown"));
        assertEquals(30, after.nextRowId());
    }

    @Test
    void withoutStableIdsOnlyRewrittenIndicesCoverRewrittenFragments() {
        IndexMetadata remapped = index("remapped", BY_ID, 0, 0, 1);
        Manifest before = withIndices(table(false, 2), remapped, index("other", BY_ID, 0, 0, 1));
        Fragment rewritten = Fragment.written(List.of(file("x", 0, 1, 2)), 20);
        UUID newId = UUID.randomUUID();
        Manifest after = apply(
                before,
                rewrite(
                        before,
                        List.of(0L, 1L),
                        List.of(rewritten),
                        List.of(new Operation.Rewrite.RewrittenIndex(
                                remapped.uuid(), newId, null, Bytes.EMPTY, 0, List.of(), Bytes.EMPTY))));
        assertEquals(List.of(2), covered(after, "remapped"));
        assertEquals(newId, after.indices().getFirst().uuid());
        assertEquals(List.of(), covered(after, "other"));
    }

    @Test
    void rewritingMustKeepEveryRow() {
        Manifest before = table(false, 2);
        assertRefused(
                before,
                rewrite(before, List.of(0L, 1L), List.of(Fragment.written(List.of(file("x", 0)), 19)), List.of()),
                "loses 1 rows");
        Manifest stable = table(true, 1);
        assertRefused(
                stable, rewrite(stable, List.of(0L), List.of(fragment("x", 0)), List.of()), "stable ids of its rows");
    }

    @Test
    void replacedColumnsGoWhereTheOldOnesWere() {
        Manifest before = withIndices(table(true, 2), index("onB", BY_ID, 1, 0, 1), index("onA", BY_ID, 0, 0, 1));
        Manifest whole = apply(before, replace(0, file("new", 0, 1, 2)));
        assertEquals(List.of("new"), paths(whole, 0));
        assertEquals(List.of(1), covered(whole, "onB"));
        Manifest part = apply(before, replace(0, file("new", 1)));
        assertEquals(List.of("f0", "new"), paths(part, 0));
        assertEquals(
                List.of(0, DataFile.TOMBSTONE, 2),
                part.fragments().getFirst().files().getFirst().fieldIds());
        assertEquals(List.of(1), covered(part, "onB"));
        assertEquals(List.of(0, 1), covered(part, "onA"));
        Fragment changed = part.fragments().getFirst();
        assertEquals(Collections.nCopies(10, part.version()), versions(changed, changed.lastUpdatedAtVersions()));
        Manifest nullColumn = apply(before, merge(before.fragments(), schema("a", "b", "c", "d")));
        Manifest filled = apply(nullColumn, replace(1, file("d", 3)));
        assertEquals(List.of("f1", "d"), paths(filled, 1));
        assertRefused(nullColumn, replace(0, file("cd", 2, 3)), "lacks others");
        assertRefused(before, replace(5, file("new", 1)), "no fragment 5");
    }

    /// Found beside the reference: it answered from the index with values that the column no longer had.
    @Test
    void fragmentsThatReadersFindThroughOthersLeaveAnIndexWithThem() {
        IndexMetadata reuse = new IndexMetadata(
                UUID.randomUUID(),
                List.of(),
                IndexMetadata.FRAGMENT_REUSE,
                1,
                null,
                null,
                Bytes.EMPTY,
                null,
                null,
                null,
                List.of(),
                Bytes.EMPTY);
        IndexMetadata translated = index("onB", BY_ID, 1, 7, 8);
        Manifest before = withIndices(
                table(false, 2), reuse, translated, index("onB", BY_ID, 1, 1), index("onA", BY_ID, 0, 7, 8, 1));
        Manifest after = apply(before, replace(0, file("new", 1)));
        assertEquals(List.of(1), covered(after, "onB"));
        assertEquals(List.of(1, 7, 8), covered(after, "onA"));
        Manifest deleted = apply(before, new Operation.Delete(List.of(), List.of(0L), ""));
        assertEquals(before.indices(), deleted.indices());
    }

    @Test
    void primaryKeysAreDeclaredOnce() {
        Manifest before = table(false, 1);
        Manifest declared = apply(before, fieldMetadata(1, PrimaryKey.MARK, "true"));
        assertEquals(List.of("b"), PrimaryKey.of(declared.schema()).stream().map(Field::name).toList());
        assertRefused(declared, fieldMetadata(1, PrimaryKey.MARK, null), "never changed");
        assertRefused(declared, fieldMetadata(0, PrimaryKey.POSITION, "2"), "never changed");
        assertRefused(before, fieldMetadata(1, PrimaryKey.MARK, "perhaps"), "no field to be of it");
        assertRefused(before, fieldMetadata(9, "x", "y"), "no field has id 9");
        Manifest other = apply(declared, fieldMetadata(1, "note", "n"));
        assertEquals("n", other.schema().fields().get(1).metadata().get("note"));
    }

    @Test
    void highWaterMarksSurviveARestore() {
        Manifest first = table(true, 1);
        Manifest later = apply(
                apply(first, new Operation.Append(List.of(fragment("x", 0, 1, 2)))),
                new Operation.ReserveFragments(5, Bytes.EMPTY));
        Manifest restored = NextManifest.of(
                later,
                first,
                Transaction.of(later.version(), new Operation.Restore(1, Bytes.EMPTY), Map.of()),
                Manifests.SETTINGS);
        assertEquals(List.of(0L), fragmentIds(restored));
        assertEquals(6, restored.maxFragmentId());
        assertEquals(20, restored.nextRowId());
    }

    @Test
    void clonesPointBackAtTheirSource() {
        Manifest source = withIndices(table(false, 1), index("onA", BY_ID, 0, 0));
        source = apply(
                source,
                new Operation.Delete(
                        List.of(source.fragments()
                                .getFirst()
                                .withDeletionFile(new DeletionFile(
                                        DeletionFile.Encoding.ARROW, 2, 5, 1, null, Bytes.EMPTY))),
                        List.of(),
                        ""));
        Manifest branch = clone(source, new Operation.Clone(true, null, source.version(), "/t", "dev", Bytes.EMPTY));
        assertEquals(source.version(), branch.version());
        assertEquals("dev", branch.branch());
        assertEquals(List.of(new BasePath(0, null, true, "/t", Bytes.EMPTY)), branch.basePaths());
        Fragment fragment = branch.fragments().getFirst();
        assertEquals(0, fragment.files().getFirst().baseId());
        assertEquals(0, fragment.deletionFile().baseId());
        assertEquals(0, branch.indices().getFirst().baseId());
        assertTrue((branch.readerFeatureFlags() & 16) != 0);

        Manifest appended = apply(branch, new Operation.Append(List.of(fragment("own", 0, 1, 2))));
        Manifest second = clone(
                appended, new Operation.Clone(true, "dev", appended.version(), "/t/tree/dev", null, Bytes.EMPTY));
        assertEquals(List.of(0, 1), second.basePaths().stream().map(BasePath::id).toList());
        assertEquals(0, second.fragments().get(0).files().getFirst().baseId());
        assertEquals(1, second.fragments().get(1).files().getFirst().baseId());
        assertNull(second.branch());

        Manifest deep = clone(second, new Operation.Clone(false, null, second.version(), "/c", null, Bytes.EMPTY));
        assertEquals(List.of(), deep.basePaths());
        deep.fragments().forEach(f -> f.files().forEach(file -> assertNull(file.baseId())));
        assertEquals(0, deep.readerFeatureFlags() & 16);
    }

    private static Manifest clone(Manifest source, Operation.Clone clone) {
        return NextManifest.ofClone(
                source, Transaction.of(source.version(), clone, Map.of()), Manifests.SETTINGS);
    }

    @Test
    void basePathsGetTheLowestFreeIdAndAreNotAddedTwice() {
        Operation.UpdateBases two = new Operation.UpdateBases(
                List.of(new BasePath(0, "x", true, "/x", Bytes.EMPTY), new BasePath(0, null, false, "/y", Bytes.EMPTY)),
                Bytes.EMPTY);
        Manifest manifest = apply(table(false, 1), two);
        assertEquals(List.of(1, 2), manifest.basePaths().stream().map(BasePath::id).toList());
        assertRefused(manifest, two, "already");
    }

    private static void assertRefused(Manifest before, Operation operation, String why) {
        var error = assertThrows(IllegalArgumentException.class, () -> apply(before, operation));
        if (why != null) {
            assertTrue(error.getMessage().contains(why), error.getMessage());
        }
    }

    private static List<Long> fragmentIds(Manifest manifest) {
        return manifest.fragments().stream().map(Fragment::id).toList();
    }

    private static List<String> paths(Manifest manifest, int fragment) {
        return manifest.fragments().get(fragment).files().stream().map(DataFile::path).toList();
    }

    private static List<Fragment> withFile(Manifest manifest, DataFile file) {
        return manifest.fragments().stream()
                .map(fragment -> {
                    List<DataFile> files = new ArrayList<>(fragment.files());
                    files.add(file);
                    return fragment.withFiles(files);
                })
                .toList();
    }

    private static Operation.Merge merge(List<Fragment> fragments, Schema schema) {
        return new Operation.Merge(fragments, StoredSchema.of(schema), true, Bytes.EMPTY);
    }

    /// An update that takes rows from the fragments named, without deleting all of any.
    private static Operation.Update updateOf(
            Manifest manifest, List<Long> sources, List<Fragment> added, List<Integer> fields) {
        List<Fragment> updated = sources.stream()
                .map(id -> manifest.fragment(id).orElseThrow())
                .map(fragment -> fragment.withDeletionFile(
                        new DeletionFile(DeletionFile.Encoding.ARROW, 1, 1, 1, null, Bytes.EMPTY)))
                .toList();
        return Operation.Update.ofRows(List.of(), updated, added, fields);
    }

    private static Operation.Rewrite rewrite(
            Manifest manifest,
            List<Long> old,
            List<Fragment> added,
            List<Operation.Rewrite.RewrittenIndex> indices) {
        List<Fragment> oldFragments =
                old.stream().map(id -> manifest.fragment(id).orElseThrow()).toList();
        return new Operation.Rewrite(
                List.of(new Operation.Rewrite.Group(oldFragments, added, Bytes.EMPTY)), indices, Bytes.EMPTY);
    }

    private static Operation.DataReplacement replace(long fragment, DataFile file) {
        return new Operation.DataReplacement(
                List.of(new Operation.DataReplacement.Replacement(fragment, file, Bytes.EMPTY)), Bytes.EMPTY);
    }

    private static Operation.UpdateConfig fieldMetadata(int field, String key, String value) {
        MapUpdate update = new MapUpdate(List.of(new MapUpdate.Entry(key, value)), false, Bytes.EMPTY);
        return new Operation.UpdateConfig(null, null, null, Map.of(field, update), Bytes.EMPTY);
    }

    private static List<Long> range(long start, long end) {
        return LongStream.range(start, end).boxed().toList();
    }
}
