// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import dev.joust.format.CommitConflictException;
import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.table.ManifestStore;
import dev.joust.format.internal.table.TransactionCodec;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.DeletionFile;
import dev.joust.format.table.FeatureFlags;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.ManifestNaming;
import dev.joust.format.table.StoredSchema;
import dev.joust.format.table.TestRows;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// What each bit of the feature flags does (spec: table format 2.6).
class FeatureFlagsTest {
    private static final Set<Integer> KNOWN = Set.of(0, 1, 2, 3, 4, 5, 8, 15);
    private static final Set<Integer> PAIRS = Set.of(8, 10, 14, 16);
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(6, "data overlays"),
            Map.entry(7, "covering index"),
            Map.entry(9, "fragment reuse with stable row ids"),
            Map.entry(10, "tagged fragment reuse"),
            Map.entry(11, "spilled row lineage"),
            Map.entry(12, "fragment tree"),
            Map.entry(13, "independent covering fields"),
            Map.entry(14, "managed blobs"),
            Map.entry(16, "zone seeds"),
            Map.entry(17, "object metadata"));

    @TestFactory
    List<DynamicTest> everyBitIsKnownOrRefusedByItsNumberAndName() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            int number = bit;
            tests.add(DynamicTest.dynamicTest("bit " + bit + " for readers", () -> checkReader(number)));
            tests.add(DynamicTest.dynamicTest("bit " + bit + " for writers", () -> checkWriter(number)));
        }
        return tests;
    }

    private static String named(int bit) {
        return "feature flag " + bit + (NAMES.containsKey(bit) ? " (" + NAMES.get(bit) + ")" : "");
    }

    /// A table whose second version has these flags beside its own.
    private static MemoryObjectStore table(Session session, long readerFlags, long writerFlags) throws IOException {
        MemoryObjectStore store = new MemoryObjectStore();
        Manifest manifest = Dataset.create(
                        session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 3), WriteOptions.DEFAULT)
                .manifest();
        new ManifestStore(store)
                .putIfAbsent(
                        new ManifestStore.Location(2, ManifestNaming.V2),
                        withFlags(manifest, readerFlags, writerFlags),
                        new byte[0]);
        return store;
    }

    private static Manifest withFlags(Manifest manifest, long readerFlags, long writerFlags) {
        return changed(manifest, 2, readerFlags, writerFlags, manifest.maxAllocatedFieldId());
    }

    private static Manifest changed(
            Manifest manifest, long version, long readerFlags, long writerFlags, @Nullable Integer maxFieldId) {
        return new Manifest(
                manifest.storedSchema(),
                manifest.fragments(),
                version,
                manifest.timestamp(),
                manifest.readerFeatureFlags() | readerFlags,
                manifest.writerFeatureFlags() | writerFlags,
                manifest.maxFragmentId(),
                manifest.transactionFile(),
                manifest.writerVersion(),
                manifest.nextRowId(),
                manifest.dataFormatVersion(),
                manifest.config(),
                manifest.basePaths(),
                manifest.tableMetadata(),
                manifest.branch(),
                maxFieldId,
                manifest.indices(),
                manifest.unmodelled(),
                manifest.unmodelledOfIndexSection());
    }

    private static void checkReader(int bit) throws IOException {
        try (Session session = Session.create()) {
            long both = PAIRS.contains(bit) ? 1L << bit : 0;
            MemoryObjectStore store = table(session, 1L << bit, both);
            if (KNOWN.contains(bit)) {
                assertEquals(2, Dataset.open(session, store).version());
            } else {
                var error = assertThrows(UnsupportedFormatException.class, () -> Dataset.open(session, store));
                assertTrue(error.getMessage().contains(named(bit)), error.getMessage());
            }
            if (PAIRS.contains(bit)) {
                MemoryObjectStore half = table(session, 1L << bit, 0);
                var error = assertThrows(CorruptFileException.class, () -> Dataset.open(session, half));
                assertTrue(error.getMessage().contains(named(bit).substring(0, 14)), error.getMessage());
            }
        }
    }

    private static void checkWriter(int bit) throws IOException {
        if (PAIRS.contains(bit)) {
            return;
        }
        try (Session session = Session.create()) {
            Dataset table = Dataset.open(session, table(session, 0, 1L << bit));
            assertEquals(3, table.countRows());
            if (KNOWN.contains(bit)) {
                assertEquals(3, table.append(TestRows.reader(session, 3, 1)).version());
            } else {
                var error = assertThrows(
                        UnsupportedFormatException.class, () -> table.append(TestRows.reader(session, 3, 1)));
                assertTrue(error.getMessage().contains(named(bit)), error.getMessage());
            }
        }
    }

    @Test
    void unknownFlagsOfTheNewestVersionAreSeenWhenACommitIsTriedAgain() throws IOException {
        try (Session session = Session.create()) {
            MemoryObjectStore store = new MemoryObjectStore();
            Dataset table = Dataset.create(
                    session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 3), WriteOptions.DEFAULT);
            Dataset.open(session, store).append(TestRows.reader(session, 3, 1));
            Manifest second = Dataset.open(session, store).manifest();
            // Another writer goes on to something new while ours still knows the first version.
            Manifest third = changed(second, 3, 0, 1L << 17, null);
            new ManifestStore(store)
                    .putIfAbsent(
                            new ManifestStore.Location(3, ManifestNaming.V2),
                            third,
                            TransactionCodec.toBytes(Transaction.of(
                                    2, new Operation.ReserveFragments(1, Bytes.EMPTY), Map.of())));
            var error = assertThrows(
                    UnsupportedFormatException.class, () -> table.append(TestRows.reader(session, 9, 1)));
            assertTrue(error.getMessage().contains("feature flag 17"), error.getMessage());
            assertEquals(4, Dataset.open(session, store).countRows());
        }
    }

    private static Fragment withDeletions(Fragment fragment) {
        return fragment.withDeletionFile(
                new DeletionFile(DeletionFile.Encoding.ARROW, 1, 1, 1, null, Bytes.EMPTY));
    }

    @Test
    void flagsThatStandForContentGoWithIt() {
        Manifest manifest = Manifests.table(false, 1);
        assertEquals(0, manifest.readerFeatureFlags());
        Manifest deleted = Manifests.apply(
                manifest,
                new Operation.Delete(List.of(withDeletions(manifest.fragments().getFirst())), List.of(), ""));
        assertEquals(FeatureFlags.DELETION_FILES, deleted.readerFeatureFlags());
        assertEquals(FeatureFlags.DELETION_FILES, deleted.writerFeatureFlags());
        Manifest rewritten = Manifests.apply(
                deleted,
                new Operation.Rewrite(
                        List.of(new Operation.Rewrite.Group(
                                deleted.fragments(),
                                List.of(Fragment.written(List.of(Manifests.file("x", 0, 1, 2)), 9)),
                                Bytes.EMPTY)),
                        List.of(),
                        Bytes.EMPTY));
        assertEquals(0, rewritten.readerFeatureFlags());
        assertEquals(0, rewritten.writerFeatureFlags());
        Manifest configured = Manifests.apply(
                manifest,
                new Operation.UpdateConfig(
                        new Operation.UpdateConfig.MapUpdate(
                                List.of(new Operation.UpdateConfig.MapUpdate.Entry("k", "v")), false, Bytes.EMPTY),
                        null,
                        null,
                        Map.of(),
                        Bytes.EMPTY));
        assertEquals(0, configured.readerFeatureFlags());
        assertEquals(FeatureFlags.TABLE_CONFIG, configured.writerFeatureFlags());
    }

    @Test
    void flagsOfMixedFilesAndKeptFieldIdsStay() {
        Manifest manifest = Manifests.table(false, 1);
        DataFile older = DataFile.of("old", List.of(0, 1, 2), List.of(0, 1, 2), 2, 1, 10);
        Manifest mixed = Manifests.apply(manifest, new Operation.Append(List.of(Fragment.written(List.of(older), 5))));
        assertEquals(FeatureFlags.MIXED_FILE_VERSIONS, mixed.readerFeatureFlags());
        assertEquals(FeatureFlags.MIXED_FILE_VERSIONS, mixed.writerFeatureFlags());
        Manifest single = Manifests.apply(mixed, new Operation.Delete(List.of(), List.of(1L), ""));
        assertEquals(FeatureFlags.MIXED_FILE_VERSIONS, single.readerFeatureFlags());
        assertEquals(FeatureFlags.MIXED_FILE_VERSIONS, single.writerFeatureFlags());
    }

    @Test
    void fieldIdsThatAreKeptForEverAreNotGivenAgain() {
        Manifest plain = Manifests.table(false, 1);
        Manifest kept = changed(plain, plain.version(), 0, FeatureFlags.NON_REUSABLE_FIELD_IDS, 5);
        Schema four = new Schema(
                List.of(
                        kept.schema().fields().get(0),
                        Field.nullable(
                                        "new", new LogicalType.Int(64, true))
                                .withId(6)),
                Map.of());
        Manifest merged = Manifests.apply(
                kept, new Operation.Merge(kept.fragments(), StoredSchema.of(four), true, Bytes.EMPTY));
        assertEquals(6, merged.maxAllocatedFieldId());
        assertEquals(0, merged.readerFeatureFlags());
        assertEquals(FeatureFlags.NON_REUSABLE_FIELD_IDS, merged.writerFeatureFlags());
        Operation reuses = new Operation.Overwrite(List.of(), StoredSchema.of(Manifests.schema("a")));
        assertThrows(CommitConflictException.class, () -> Manifests.apply(merged, reuses));
        Manifest replaced = Manifests.apply(
                merged,
                new Operation.Overwrite(
                        List.of(),
                        StoredSchema.of(Manifests.schema("a", "b").withAssignedIds(7))));
        assertEquals(8, replaced.maxAllocatedFieldId());
    }
}
