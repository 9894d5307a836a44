// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.commit.Operation.KeyFilter;
import dev.joust.format.commit.Operation.UpdateConfig.MapUpdate;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.DeletionFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.StoredSchema;

/// The matrix of the specification, table format 3.4, cell by cell.
class ConflictResolverTest {
    private static final StoredSchema SCHEMA = StoredSchema.of(Schema.of(
                    Field.nullable("a", new LogicalType.Int(32, true)),
                    Field.nullable("b", new LogicalType.Int(32, true)))
            .withAssignedIds(0));

    /// One plain operation of each kind, all on fragment 1 and field 0 where they touch any.
    private static Map<String, Operation> operations() {
        Map<String, Operation> all = new LinkedHashMap<>();
        all.put("Append", new Operation.Append(List.of(fragment(0))));
        all.put("Delete", delete(1));
        all.put("Overwrite", new Operation.Overwrite(List.of(), SCHEMA));
        all.put("CreateIndex", createIndex("i", 1));
        all.put("Rewrite", rewrite(1));
        all.put("Merge", new Operation.Merge(List.of(fragment(1)), SCHEMA, true, Bytes.EMPTY));
        all.put("Restore", new Operation.Restore(1, Bytes.EMPTY));
        all.put("Reserve", new Operation.ReserveFragments(3, Bytes.EMPTY));
        all.put("Update", update(1));
        all.put("Project", new Operation.Project(SCHEMA, true, Bytes.EMPTY));
        all.put("Config", config("k", "v"));
        all.put("Replace", replacement(1, 0));
        all.put("Bases", bases(1, "one", "/one"));
        all.put("Overlay", new Operation.DataOverlay(List.of(1L), Bytes.EMPTY));
        all.put("MemWal", new Operation.UpdateMemWalState(Bytes.EMPTY));
        all.put("Clone", new Operation.Clone(true, null, 1, "/c", null, Bytes.EMPTY));
        return all;
    }

    private static final String COLUMNS =
            "Append Delete Overwrite CreateIndex Rewrite Merge Restore Reserve Update Project Config Replace Bases"
                    + " Overlay MemWal Clone";
    // . compatible, r rebasable row by row, R retryable, X incompatible
    private static final String MATRIX =
            """
            Append      . . X . . . X . . . . . . . X .
            Delete      . r X . R R X . r . . R . . X .
            Overwrite   . . R . . . . . . . . . . . X .
            CreateIndex . . X R R . X . . . . R . . X .
            Rewrite     . R X R R R X . R . . R . R . .
            Merge       R R X . R R X . R X . R . R X .
            Restore     . . . . . . . . . . . . . . X .
            Reserve     . . X . . . X . . . . . . . . .
            Update      . r X . R R X . r . . R . R X .
            Project     . . X . . R X . . R . . . . X .
            Config      . . . . . . . . . . X . . . . .
            Replace     . . X R R R X . R . . R . . X .
            Bases       . . . . . . . . . . . . X . . .
            Overlay     X X X X X X X X X X X X X X X X
            MemWal      X X X X X X X X X X X X X X X X
            Clone       X X X X X X X X X X X X X X X X
            """;

    @TestFactory
    List<DynamicTest> everyPairIsJudgedAsTheMatrixSays() {
        Map<String, Operation> operations = operations();
        String[] columns = COLUMNS.split(" ");
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : MATRIX.lines().toList()) {
            String[] cells = line.strip().split(" +");
            for (int i = 0; i < columns.length; i++) {
                String ours = cells[0];
                String theirs = columns[i];
                String expected = cells[i + 1];
                tests.add(DynamicTest.dynamicTest(
                        ours + " after " + theirs,
                        () -> assertVerdict(expected, operations.get(ours), operations.get(theirs))));
            }
        }
        assertEquals(columns.length * columns.length, tests.size());
        return tests;
    }

    @Test
    void unknownOperationsConflictWithEverything() {
        assertVerdict("X", new Operation.Unknown(), new Operation.Unknown());
        for (Operation operation : operations().values()) {
            assertVerdict("X", operation, new Operation.Unknown());
            assertVerdict("X", new Operation.Unknown(), operation);
        }
    }

    @Test
    void changesOfDifferentFragmentsGoTogether() {
        List<Operation> ours = List.of(delete(1), update(1), rewrite(1), createIndex("i", 1), replacement(1, 0));
        for (Operation our : ours) {
            for (Operation their : List.of(delete(2), update(2), rewrite(2))) {
                assertVerdict(".", our, their);
            }
        }
        assertVerdict(".", replacement(1, 0), replacement(2, 0));
        assertVerdict(".", replacement(1, 0), replacement(1, 1));
        assertVerdict(".", createIndex("i", 1), createIndex("j", 1));
        assertVerdict(".", replacement(1, 0), delete(1));
        assertVerdict("X", replacement(1, 0), new Operation.Delete(List.of(), List.of(1L), ""));
    }

    @Test
    void rowsOfOneFragmentAreRebasedOnlyWhereTheyAreKnownAndItsFilesAreTheSame() {
        Fragment otherFile = fragment(1).withFiles(List.of(DataFile.of("other", List.of(0), List.of(0), 2, 2, 10)));
        assertVerdict("R", delete(1), new Operation.Delete(List.of(otherFile), List.of(), ""));
        assertVerdict("R", delete(1), new Operation.Delete(List.of(), List.of(1L), ""));
        assertVerdict("R", update(1), Operation.Update.ofRows(List.of(1L), List.of(), List.of(), List.of()));
        Verdict unknownRows = ConflictResolver.check(
                new Proposal(Transaction.of(1, delete(1), Map.of()), null), Transaction.of(1, delete(1), Map.of()));
        assertInstanceOf(Verdict.Retryable.class, unknownRows);
    }

    @Test
    void tighteningNullabilityMeetsNoWriterOfValues() {
        Operation project = new Operation.Project(SCHEMA, false, Bytes.EMPTY);
        for (Operation writer : List.of(new Operation.Append(List.of()), update(1), replacement(1, 0))) {
            assertVerdict("R", project, writer);
            assertVerdict("R", writer, project);
        }
        assertVerdict(".", delete(1), project);
    }

    @Test
    void metadataOfSchemasMeetsNoChangeOfSchemas() {
        Operation metadata = new Operation.UpdateConfig(null, null, set("k", "v"), Map.of(), Bytes.EMPTY);
        Operation merge = new Operation.Merge(List.of(), SCHEMA, true, Bytes.EMPTY);
        assertVerdict("R", merge, metadata);
        assertVerdict("R", metadata, merge);
        assertVerdict("X", metadata, new Operation.Restore(1, Bytes.EMPTY));
        assertVerdict("X", new Operation.Restore(1, Bytes.EMPTY), metadata);
        assertVerdict("X", metadata, new Operation.Overwrite(List.of(), SCHEMA));
        assertVerdict("X", metadata, metadata);
    }

    @Test
    void configKeysClashByName() {
        assertVerdict(".", config("a", "1"), config("b", "1"));
        assertVerdict("X", config("a", "1"), config("a", null));
        Operation overwrite = new Operation.Overwrite(List.of(), SCHEMA, Map.of("a", "1"), List.of(), Bytes.EMPTY);
        assertVerdict("X", overwrite, config("a", "2"));
        assertVerdict("X", config("a", "2"), overwrite);
        assertVerdict(".", overwrite, config("b", "2"));
        assertVerdict("X", overwrite, overwrite);
        Operation field = new Operation.UpdateConfig(null, null, null, Map.of(1, set("k", "v")), Bytes.EMPTY);
        Operation otherField = new Operation.UpdateConfig(null, null, null, Map.of(2, set("k", "v")), Bytes.EMPTY);
        assertVerdict("X", field, field);
        assertVerdict(".", field, otherField);
    }

    @Test
    void droppedColumnsStopTheirWriters() {
        Operation dropsA = new Operation.Project(
                StoredSchema.of(new Schema(List.of(SCHEMA.schema().fields().get(1)), Map.of())), true, Bytes.EMPTY);
        assertVerdict("X", replacement(1, 0), dropsA);
        assertVerdict(".", replacement(1, 1), dropsA);
        Operation inPlace = new Operation.Update(
                List.of(),
                List.of(fragment(1)),
                List.of(),
                List.of(0),
                List.of(),
                Operation.Update.Mode.REWRITE_COLUMNS,
                null,
                Map.of(),
                Bytes.EMPTY);
        assertVerdict("R", inPlace, dropsA);
        assertVerdict("R", update(1), inPlace);
        assertVerdict("R", replacement(1, 0), inPlace);
        assertVerdict(".", replacement(1, 1), inPlace);
    }

    @Test
    void indicesOnTopOfColumnsChangedInPlaceDoNotCoverThem() {
        Operation.Update inPlace = new Operation.Update(
                List.of(),
                List.of(fragment(1)),
                List.of(),
                List.of(0),
                List.of(),
                Operation.Update.Mode.REWRITE_COLUMNS,
                null,
                Map.of(),
                Bytes.EMPTY);
        Manifest before = Manifests.table(false, 3);
        IndexMetadata onA = Manifests.index("onA", "BTreeIndexDetails", 0, 0, 1, 2);
        IndexMetadata onB = Manifests.index("onB", "BTreeIndexDetails", 1, 0, 1, 2);
        Proposal ours = new Proposal(
                Transaction.of(1, new Operation.CreateIndex(List.of(onA, onB), List.of(), Bytes.EMPTY), Map.of()),
                null);
        assertVerdict(".", ours.transaction().operation(), inPlace);
        Proposal rebased = IndexRebase.onto(ours, before, inPlace);
        var indices = ((Operation.CreateIndex) rebased.transaction().operation()).newIndices();
        assertEquals(RoaringBitmap.bitmapOf(0, 2), IndexSegments.fragmentsOf(indices.get(0)));
        assertEquals(onB, indices.get(1));
        List<Fragment> merged = new ArrayList<>(before.fragments());
        merged.set(2, merged.get(2).withFiles(List.of(Manifests.file("anew", 0, 1, 2))));
        Operation merge = new Operation.Merge(merged, before.storedSchema(), true, Bytes.EMPTY);
        assertVerdict(".", ours.transaction().operation(), merge);
        rebased = IndexRebase.onto(ours, before, merge);
        indices = ((Operation.CreateIndex) rebased.transaction().operation()).newIndices();
        assertEquals(RoaringBitmap.bitmapOf(0, 1), IndexSegments.fragmentsOf(indices.get(1)));
    }

    @Test
    void writeAheadLogsMeetNoChangeOfColumns() {
        Operation log = createIndex(IndexMetadata.MEM_WAL, 1);
        Operation merge = new Operation.Merge(List.of(), SCHEMA, true, Bytes.EMPTY);
        assertVerdict("R", log, merge);
        assertVerdict("R", merge, log);
    }

    @Test
    void indicesThatAreReplacedByBothConflict() {
        IndexMetadata old = Manifests.index("old", "BTreeIndexDetails", 0, 1);
        IndexMetadata anew = Manifests.index("new", "BTreeIndexDetails", 0, 2);
        IndexMetadata other = Manifests.index("other", "BTreeIndexDetails", 0, 3);
        Operation drops = new Operation.CreateIndex(List.of(), List.of(old), Bytes.EMPTY);
        Operation replaces = new Operation.CreateIndex(List.of(anew), List.of(old), Bytes.EMPTY);
        Operation alsoReplaces = new Operation.CreateIndex(List.of(other), List.of(old), Bytes.EMPTY);
        Operation addsOld = new Operation.CreateIndex(
                List.of(Manifests.index("old", "BTreeIndexDetails", 0, 4)), List.of(), Bytes.EMPTY);
        assertVerdict(".", drops, drops);
        assertVerdict("R", replaces, alsoReplaces);
        assertVerdict("R", drops, replaces);
        assertVerdict("R", drops, addsOld);
        assertVerdict("R", addsOld, drops);
    }

    @Test
    void keysThatBothMayInsertConflict() {
        Operation one = keyed(1, new byte[] {1, 0}, 0);
        assertVerdict("R", one, new Operation.Append(List.of()));
        assertVerdict("R", one, update(2));
        assertVerdict("R", one, keyed(2, new byte[] {3, 0}, 0));
        assertVerdict("R", one, keyed(2, new byte[] {2}, 0));
        assertVerdict("R", one, keyed(2, new byte[] {2, 0}, 1));
        assertVerdict(".", one, keyed(2, new byte[] {2, 4}, 0));
        assertVerdict(".", update(1), keyed(2, new byte[] {1, 0}, 0));
    }

    @Test
    void basePathsClashByIdNameOrPath() {
        assertVerdict("X", bases(1, "a", "/a"), bases(1, "b", "/b"));
        assertVerdict("X", bases(0, "a", "/a"), bases(0, "a", "/b"));
        assertVerdict("X", bases(1, "a", "/a"), bases(2, "b", "/a"));
        assertVerdict(".", bases(0, "a", "/a"), bases(0, "b", "/b"));
    }

    private static void assertVerdict(String expected, Operation ours, Operation theirs) {
        Proposal proposal = new Proposal(Transaction.of(1, ours, Map.of()), RowAddressSet.of(1L << 32));
        Verdict verdict = ConflictResolver.check(proposal, Transaction.of(1, theirs, Map.of()));
        String found =
                switch (verdict) {
                    case Verdict.Compatible _ -> ".";
                    case Verdict.Rebasable _ -> "r";
                    case Verdict.Retryable _ -> "R";
                    case Verdict.Incompatible _ -> "X";
                };
        assertEquals(expected, found, () -> ours + " after " + theirs + ": " + verdict);
    }

    private static Fragment fragment(long id) {
        return Fragment.written(List.of(DataFile.of("f" + id, List.of(0), List.of(0), 2, 2, 10)), 100)
                .withId(id);
    }

    private static Fragment deleted(long id) {
        return fragment(id)
                .withDeletionFile(new DeletionFile(DeletionFile.Encoding.ARROW, 1, 1, 1, null, Bytes.EMPTY));
    }

    private static Operation delete(long fragment) {
        return new Operation.Delete(List.of(deleted(fragment)), List.of(), "");
    }

    private static Operation update(long fragment) {
        return Operation.Update.ofRows(List.of(), List.of(deleted(fragment)), List.of(fragment(0)), List.of());
    }

    private static Operation keyed(long fragment, byte[] bloom, int parameter) {
        return new Operation.Update(
                List.of(),
                List.of(deleted(fragment)),
                List.of(),
                List.of(),
                List.of(),
                Operation.Update.Mode.REWRITE_ROWS,
                new KeyFilter(List.of(0), Bytes.of(bloom), Bytes.of(new byte[] {16, (byte) parameter}), Bytes.EMPTY),
                Map.of(),
                Bytes.EMPTY);
    }

    private static Operation rewrite(long fragment) {
        return new Operation.Rewrite(
                List.of(new Operation.Rewrite.Group(
                        List.of(fragment(fragment)), List.of(fragment(fragment + 100)), Bytes.EMPTY)),
                List.of(),
                Bytes.EMPTY);
    }

    private static Operation replacement(long fragment, int field) {
        return new Operation.DataReplacement(
                List.of(new Operation.DataReplacement.Replacement(
                        fragment, DataFile.of("n", List.of(field), List.of(0), 2, 2, 10), Bytes.EMPTY)),
                Bytes.EMPTY);
    }

    private static Operation createIndex(String name, int fragment) {
        RoaringBitmap covered = RoaringBitmap.bitmapOf(fragment);
        ByteBuffer bytes = ByteBuffer.allocate(covered.serializedSizeInBytes());
        covered.serialize(bytes);
        return new Operation.CreateIndex(
                List.of(new IndexMetadata(
                        new UUID(1, fragment),
                        List.of(0),
                        name,
                        1,
                        Bytes.of(bytes.array()),
                        null,
                        Bytes.EMPTY,
                        null,
                        null,
                        null,
                        List.of(),
                        Bytes.EMPTY)),
                List.of(),
                Bytes.EMPTY);
    }

    private static Operation config(String key, @Nullable String value) {
        return new Operation.UpdateConfig(set(key, value), null, null, Map.of(), Bytes.EMPTY);
    }

    private static MapUpdate set(String key, @Nullable String value) {
        return new MapUpdate(List.of(new MapUpdate.Entry(key, value)), false, Bytes.EMPTY);
    }

    private static Operation bases(int id, String name, String path) {
        return new Operation.UpdateBases(List.of(new BasePath(id, name, true, path, Bytes.EMPTY)), Bytes.EMPTY);
    }
}
