// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.CleanupPolicy;
import dev.joust.format.table.CleanupStats;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.pictures.CleanedLibrary;
import dev.joust.pictures.LibraryCleanup;
import dev.joust.pictures.PictureName;
import dev.joust.search.Table;

/// Takes away what grows otherwise as long as a library is used: what stopped writers left, deleted pictures, versions.
/// Any number of processes may do so at once, and others write meanwhile. Thread-safe.
public final class LibraryUpkeep {
    private final ObjectStore store;
    private final PictureRemoval removal;
    private final PictureWriter writer;

    public LibraryUpkeep(ObjectStore store, PictureRemoval removal, PictureWriter writer) {
        this.store = store;
        this.removal = removal;
        this.writer = writer;
    }

    public CleanedLibrary cleanup(LibraryCleanup policy) throws IOException {
        Instant now = Instant.now();
        Instant before = now.minus(policy.leftoversOlderThan());
        long unfinishedCount = deleteUnfinished(before);
        Set<String> hashes = new HashSet<>();
        long strayCount = setAsideStrays(before, hashes);
        long thumbnailCount = deleteThumbnails(before, hashes);
        long purgedCount = policy.deletedOlderThan() == null ? 0 : removal.purge(now.minus(policy.deletedOlderThan()));
        CleanupStats table = cleanTable(policy);
        return new CleanedLibrary(
                strayCount,
                purgedCount,
                table.oldVersions(),
                unfinishedCount + thumbnailCount + table.dataFilesRemoved() + table.deletionFilesRemoved()
                        + table.indexFilesRemoved() + table.transactionFilesRemoved());
    }

    private long deleteUnfinished(Instant before) throws IOException {
        long count = 0;
        for (ObjectMeta file : store.unfinished(ObjectPath.ROOT)) {
            if (file.lastModified().isBefore(before)) {
                store.delete(file.path());
                count++;
            }
        }
        return count;
    }

    /// @param hashes gets those of the pictures that are there
    private long setAsideStrays(Instant before, Set<String> hashes) throws IOException {
        long count = 0;
        List<ObjectMeta> files = store.list(PictureName.FOLDER);
        writer.catchUp(); // after the listing, so that a picture that came meanwhile is known
        for (ObjectMeta file : files) {
            Optional<PictureName> name = nameOf(file);
            if (name.isEmpty()) {
                continue;
            }
            if (writer.knows(name.get().id()) || !file.lastModified().isBefore(before)) {
                hashes.add(name.get().hash());
            } else {
                removal.setAside(name.get());
                count++;
            }
        }
        return count;
    }

    /// They are made again where they are asked for.
    private long deleteThumbnails(Instant before, Set<String> hashes) throws IOException {
        long count = 0;
        for (ObjectMeta file : store.list(PictureName.THUMBNAIL_FOLDER)) {
            Optional<PictureName> name = nameOf(file);
            if (name.isPresent() && !hashes.contains(name.get().hash()) && file.lastModified().isBefore(before)) {
                store.delete(file.path());
                count++;
            }
        }
        return count;
    }

    private static Optional<PictureName> nameOf(ObjectMeta file) {
        String path = file.path().value();
        return PictureName.parse(path.substring(path.indexOf('/') + 1));
    }

    private CleanupStats cleanTable(LibraryCleanup policy) throws IOException {
        @Nullable Table table = writer.latest().orElse(null);
        if (table == null) {
            return new CleanupStats(0, 0, 0, 0, 0, 0, 0);
        }
        CleanupPolicy versions = policy.versionsOlderThan() == null
                ? CleanupPolicy.ofVersions(Set.of())
                : CleanupPolicy.olderThan(policy.versionsOlderThan());
        return table.dataset().upkeep().cleanup(versions.withErrorIfTagged(false));
    }
}
