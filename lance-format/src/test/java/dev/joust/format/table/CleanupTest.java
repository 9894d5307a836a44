// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.format.commit.Operation;
import dev.joust.format.refs.Refs;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.Fault;
import dev.joust.io.internal.wrap.FaultyObjectStore;
import dev.joust.io.internal.wrap.StoreRequest;

/// Cleaning up: which versions and files go, which stay, and what is left when it stops in between.
class CleanupTest {
    private static final CleanupPolicy ALL = CleanupPolicy.olderThan(Duration.ZERO);

    @TempDir
    private Path folder;

    private Session session;
    private ObjectStore store;

    @BeforeEach
    void open() throws IOException {
        session = Session.create();
        store = ObjectStores.open(folder.toString());
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        session.close();
    }

    /// Version 1 has 20 rows, 2 misses one, 3 is compacted, 4 has 5 more.
    private Dataset fourVersions() throws IOException {
        Dataset one = Dataset.create(session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 20),
                WriteOptions.DEFAULT.withMaxRowsPerFile(10));
        Dataset two = one.deleteRows(RowAddressSet.of(3), "id = 3");
        Dataset three = two.upkeep().compact().dataset();
        return three.append(TestRows.reader(session, 20, 5));
    }

    private List<String> files(String below) throws IOException {
        return store.list(ObjectPath.of(below)).stream().map(file -> file.path().value()).toList();
    }

    private List<Long> versions() throws IOException {
        return Dataset.open(session, store).versions().stream().map(VersionInfo::version).toList();
    }

    private void age(String path, Duration age) throws IOException {
        Files.setLastModifiedTime(folder.resolve(path), FileTime.from(Instant.now().minus(age)));
    }

    @Test
    void allButTheNewestVersionGoWithTheirFiles() throws IOException {
        Dataset newest = fourVersions();
        List<Long> rows = TestRows.ids(newest);
        CleanupPlan plan = newest.upkeep().planCleanup(ALL);
        assertEquals(List.of(1L, 2L, 3L, 4L), versions(), "a plan deletes nothing");
        CleanupStats stats = newest.upkeep().cleanup(ALL);
        assertEquals(plan.stats(), stats);
        assertEquals(3, stats.oldVersions());
        assertEquals(2, stats.dataFilesRemoved());
        assertEquals(1, stats.deletionFilesRemoved());
        assertEquals(3, stats.transactionFilesRemoved());
        assertEquals(0, stats.failedDeletes());
        assertEquals(List.of(4L), versions());
        assertEquals(2, files("data").size());
        assertEquals(List.of(), files("_deletions"));
        assertEquals(1, files("_transactions").size());
        assertEquals(rows, TestRows.ids(Dataset.open(session, store)));
        assertEquals(new CleanupStats(0, 0, 0, 0, 0, 0, 0), newest.upkeep().cleanup(ALL));
        assertEquals(30, TestRows.ids(newest.append(TestRows.reader(session, 30, 6))).size());
    }

    @Test
    void bytesAreThoseOfTheFilesThatGo() throws IOException {
        Dataset newest = fourVersions();
        long before = store.list(ObjectPath.ROOT).stream().mapToLong(ObjectMeta::sizeBytes).sum();
        CleanupStats stats = newest.upkeep().cleanup(ALL);
        long after = store.list(ObjectPath.ROOT).stream().mapToLong(ObjectMeta::sizeBytes).sum();
        assertEquals(before - after, stats.bytesRemoved());
    }

    @Test
    void conditionsAreAllAsked() throws IOException {
        Dataset newest = fourVersions();
        assertEquals(0, newest.upkeep().planCleanup(CleanupPolicy.DEFAULT).stats().oldVersions());
        assertEquals(2, newest.upkeep().planCleanup(CleanupPolicy.retainVersions(2)).stats().oldVersions());
        assertEquals(1, newest.upkeep().planCleanup(CleanupPolicy.beforeVersion(2)).stats().oldVersions());
        assertEquals(1, newest.upkeep().planCleanup(CleanupPolicy.ofVersions(Set.of(2L, 4L, 9L))).stats().oldVersions());
        assertEquals(0, newest.upkeep().planCleanup(CleanupPolicy.retainVersions(9)).stats().oldVersions());
        assertEquals(
                0, newest.upkeep().planCleanup(CleanupPolicy.DEFAULT.withRetainVersions(1)).stats().oldVersions());
    }

    @Test
    void filesOfAVersionInTheMiddleThatGoesStayWhereOthersNeedThem() throws IOException {
        Dataset newest = fourVersions();
        newest.upkeep().cleanup(CleanupPolicy.ofVersions(Set.of(2L)));
        assertEquals(List.of(1L, 3L, 4L), versions());
        assertEquals(20, TestRows.ids(Dataset.openAt(session, store, 1)).size());
        assertEquals(19, TestRows.ids(Dataset.openAt(session, store, 3)).size());
    }

    @Test
    void anOlderHandleKeepsWhatIsNewer() throws IOException {
        fourVersions();
        Dataset.openAt(session, store, 2).upkeep().cleanup(ALL);
        assertEquals(List.of(2L, 3L, 4L), versions());
        assertEquals(19, TestRows.ids(Dataset.openAt(session, store, 2)).size());
    }

    @Test
    void filesThatNoVersionNamesStayForSevenDays() throws IOException {
        Dataset newest = fourVersions();
        newest.writeFragments(TestRows.reader(session, 50, 5));
        Dataset.open(session, store).upkeep().cleanup(ALL);
        List<String> orphan = new ArrayList<>(files("data"));
        newest.manifest().fragments().forEach(f -> f.files().forEach(file -> orphan.remove("data/" + file.path())));
        assertEquals(1, orphan.size());
        store.put(ObjectPath.of("data/notes.txt"), new byte[] {1});
        store.put(ObjectPath.of("_deletions/0-1-77.bin"), new byte[] {1});
        store.put(ObjectPath.of("_indices/0b5a8a36-0000-0000-0000-000000000000/page"), new byte[] {1});
        store.put(ObjectPath.of("_transactions/9-gone.txn"), new byte[] {1});
        assertEquals(List.of(), newest.upkeep().planCleanup(ALL).files());
        assertEquals(4, newest.upkeep().planCleanup(ALL.withDeleteUnverified(true)).files().size());
        age(orphan.getFirst(), Duration.ofDays(8));
        age("data/notes.txt", Duration.ofDays(8));
        age("_deletions/0-1-77.bin", Duration.ofDays(6));
        List<CleanupPlan.File> old = newest.upkeep().planCleanup(ALL).files();
        assertEquals(orphan, old.stream().map(CleanupPlan.File::path).toList());
        assertTrue(old.getFirst().unverified());
        newest.upkeep().cleanup(ALL.withDeleteUnverified(true));
        assertTrue(Files.exists(folder.resolve("data/notes.txt")), "nobody knows what it is");
        assertFalse(Files.exists(folder.resolve(orphan.getFirst())));
        assertEquals(24, TestRows.ids(newest).size());
    }

    @Test
    void whatKilledWritersLeftOfFilesGoesAfterSevenDays() throws IOException {
        Dataset newest = fourVersions();
        List<String> left = List.of("data/.tmp-joust-1", "_versions/.tmp-joust-2", "_deletions/.tmp-joust-3");
        for (String name : left) {
            Files.write(Files.createDirectories(folder.resolve(name).getParent()).resolve(Path.of(name).getFileName()), new byte[9]);
        }
        assertEquals(List.of(), newest.upkeep().planCleanup(CleanupPolicy.DEFAULT).files());
        age(left.getFirst(), Duration.ofDays(8));
        assertEquals(1, newest.upkeep().cleanup(CleanupPolicy.DEFAULT).dataFilesRemoved());
        assertEquals(18, newest.upkeep().cleanup(CleanupPolicy.DEFAULT.withDeleteUnverified(true)).bytesRemoved());
        assertEquals(List.of(), store.unfinished(ObjectPath.ROOT));
    }

    @Test
    void taggedVersionsStay() throws IOException {
        Dataset newest = fourVersions();
        new Refs(session, store).tags().create("keep", null, 1);
        IllegalArgumentException tagged = assertThrows(IllegalArgumentException.class, () -> newest.upkeep().cleanup(ALL));
        assertTrue(tagged.getMessage().contains("'keep' of version 1"), tagged.getMessage());
        assertEquals(4, versions().size());
        assertEquals(2, newest.upkeep().cleanup(ALL.withErrorIfTagged(false)).oldVersions());
        assertEquals(List.of(1L, 4L), versions());
        assertEquals(20, TestRows.ids(Dataset.openAt(session, store, 1)).size());
    }

    @Test
    void aTagOnAVersionThatStaysAnywayIsNoError() throws IOException {
        Dataset newest = fourVersions();
        new Refs(session, store).tags().create("keep", null, 3);
        assertEquals(1, newest.upkeep().cleanup(CleanupPolicy.ofVersions(Set.of(1L))).oldVersions());
    }

    @Test
    void versionsThatBranchesStartFromStay() throws IOException {
        Dataset newest = fourVersions();
        store.put(
                ObjectPath.of("_refs/branches/try.json"),
                """
                {"parentBranch": null, "parentVersion": 2, "createAt": 1795246927, "manifestSize": 371,
                 "identifier": {"version_mapping": [[2, "25e0137092a442fd811985b79383f46f"]]}}
                """.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        newest.upkeep().cleanup(ALL);
        assertEquals(List.of(2L, 4L), versions());
        assertEquals(19, TestRows.ids(Dataset.openAt(session, store, 2)).size());
    }

    @Test
    void whateverDeleteFailsWhatStaysCanBeReadAndTheNextCleanupGoesOn() throws IOException {
        Dataset newest = fourVersions();
        int files = newest.upkeep().planCleanup(ALL).files().size();
        FaultyObjectStore faulty = new FaultyObjectStore(store, request -> request.kind() == StoreRequest.Kind.DELETE ? new Fault.Fail() : new Fault.None());
        Dataset failing = Dataset.open(session, faulty);
        CleanupStats stats = failing.upkeep().cleanup(ALL.withDeletesAtOnce(1));
        assertEquals(files, stats.failedDeletes());
        assertEquals(0, stats.oldVersions());
        assertEquals(4, versions().size());
        assertEquals(files, newest.upkeep().planCleanup(ALL).files().size());
        assertEquals(3, newest.upkeep().cleanup(ALL).oldVersions());
        assertEquals(24, TestRows.ids(newest).size());
    }

    @Test
    void manifestsGoLast() throws IOException {
        List<CleanupPlan.File> files = fourVersions().upkeep().planCleanup(ALL).files();
        int firstManifest = 0;
        while (files.get(firstManifest).kind() != CleanupPlan.Kind.MANIFEST) {
            firstManifest++;
        }
        assertTrue(files.subList(firstManifest, files.size()).stream()
                .allMatch(file -> file.kind() == CleanupPlan.Kind.MANIFEST));
        assertEquals(3, files.size() - firstManifest);
    }

    @Test
    void theTablesConfigCleansUpAfterCommits() throws IOException {
        Dataset newest = fourVersions();
        Dataset configured = newest.updateConfig(MetadataUpdate.set(Map.of(
                "lance.auto_cleanup.interval", "2", "lance.auto_cleanup.retain_versions", "2")));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), versions());
        Dataset six = configured.append(TestRows.reader(session, 60, 1));
        assertEquals(List.of(5L, 6L), versions());
        six.append(TestRows.reader(session, 61, 1));
        assertEquals(List.of(5L, 6L, 7L), versions());
    }

    @Test
    void aConfigThatMakesNoSenseDoesNotFailTheCommit() throws IOException {
        Dataset newest = fourVersions();
        Dataset configured = newest.updateConfig(MetadataUpdate.set(
                Map.of("lance.auto_cleanup.interval", "1", "lance.auto_cleanup.older_than", "a while")));
        assertEquals(5, configured.version());
        assertEquals(5, versions().size());
    }

    @Test
    void aVersionThatIsGoneIsSaidToBeGone() throws IOException {
        fourVersions().upkeep().cleanup(ALL);
        assertThrows(NoSuchFileException.class, () -> Dataset.openAt(session, store, 1));
        Dataset newest = Dataset.open(session, store);
        assertThrows(Exception.class, () -> newest.commit(new Operation.Restore(1, Bytes.EMPTY)));
        assertEquals(4, newest.refresh().version());
        assertEquals(LongStream.range(0, 25).filter(id -> id != 3).boxed().toList(), TestRows.ids(newest).stream().sorted().toList());
    }
}
