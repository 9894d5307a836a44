// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.LanceFileReader;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.DeletionFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;

/// Row counts of manifests that do not say them: writers before 0.8.0 left them out, and those up to 0.8.12, which do not
/// name themselves, wrote wrong ones for tables that were older than they (spec: legacy format 6.2).
public final class RowCounts {
    private RowCounts() {}

    /// The manifest with the counts that its files have; itself where its own are good. A get for each file's end, and
    /// one for each deletion file. If files are not there, so that nothing can be read but the schema, it stays as it is.
    public static Manifest corrected(TableContext table, Manifest manifest) throws IOException {
        boolean trusted = manifest.writerVersion() != null;
        if (trusted && manifest.fragments().stream().allMatch(RowCounts::isKnown)) {
            return manifest;
        }
        List<Fragment> counted = new ArrayList<>();
        try {
            for (Fragment fragment : manifest.fragments()) {
                counted.add(trusted && isKnown(fragment) ? fragment : counted(table, manifest, fragment));
            }
        } catch (NoSuchFileException e) {
            return manifest;
        }
        return manifest.withFragments(counted);
    }

    private static boolean isKnown(Fragment fragment) {
        return fragment.files().isEmpty()
                || (fragment.physicalRowCount() > 0
                        && (fragment.deletionFile() == null || fragment.deletedRowCount() > 0));
    }

    private static Fragment counted(TableContext table, Manifest manifest, Fragment fragment) throws IOException {
        if (fragment.files().isEmpty()) {
            return fragment;
        }
        DataFile file = fragment.files().getFirst();
        TableContext.FileLocation location = table.locate(manifest, file);
        long sizeBytes = file.sizeBytes() == 0 ? -1 : file.sizeBytes();
        try (LanceFileReader reader =
                LanceFileReader.open(table.session(), location.store(), location.path(), sizeBytes)) {
            if (reader.rowCount() == 0) {
                return fragment.withFiles(List.of());
            }
            Fragment counted = fragment.withPhysicalRowCount(reader.rowCount());
            DeletionFile deletions = fragment.deletionFile();
            if (deletions == null) {
                return counted;
            }
            Fragment uncounted = counted.withDeletionFile(deletions.withDeletedRowCount(0));
            long deleted = table.deletions(manifest, uncounted).deletedRowCount();
            return counted.withDeletionFile(deletions.withDeletedRowCount(deleted));
        }
    }

    /// Fails if rows are asked for that nobody could count.
    public static void checkKnown(Manifest manifest) {
        for (Fragment fragment : manifest.fragments()) {
            if (fragment.physicalRowCount() == 0 && !fragment.files().isEmpty()) {
                throw new UnsupportedFormatException("version " + manifest.version() + ": fragment " + fragment.id()
                        + " does not say how many rows it has, as those of old writers, and its file '"
                        + fragment.files().getFirst().path() + "' is not there");
            }
        }
    }
}
