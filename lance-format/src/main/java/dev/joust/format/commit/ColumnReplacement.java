// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.joust.format.schema.Schema;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Fragment;

/// What {@link Operation.DataReplacement} does to fragments (spec: table format 3.2): a new file goes in the place of the
/// one that holds the same columns; or is added, where no file holds them; or is added, and the columns in older files
/// are no longer used.
final class ColumnReplacement {
    private final Map<Long, DataFile> newFiles = new HashMap<>();
    private final Set<Integer> liveFieldIds;

    ColumnReplacement(Operation.DataReplacement operation, List<Fragment> fragments, Schema schema) {
        liveFieldIds = IndexCoverage.FieldIds.of(schema);
        Map<Long, Fragment> present = FragmentList.byId(fragments);
        List<Integer> fields = null;
        for (Operation.DataReplacement.Replacement replacement : operation.replacements()) {
            DataFile file = replacement.newFile();
            if (fields != null && !fields.equals(file.fieldIds())) {
                throw new IllegalArgumentException(
                        "new files hold different fields: " + fields + " and " + file.fieldIds());
            }
            fields = file.fieldIds();
            if (!present.containsKey(replacement.fragmentId())) {
                throw new IllegalArgumentException("no fragment " + replacement.fragmentId() + " to replace columns of");
            }
            if (newFiles.put(replacement.fragmentId(), file) != null) {
                throw new IllegalArgumentException(
                        "columns of fragment " + replacement.fragmentId() + " are replaced twice");
            }
        }
        if (fields != null && fields.stream().noneMatch(liveFieldIds::contains)) {
            throw new IllegalArgumentException("new files hold fields " + fields + ", the table has none of them");
        }
    }

    boolean changes(Fragment fragment) {
        return newFiles.containsKey(fragment.id());
    }

    /// Fields that get new values, by fragment.
    Map<Long, Set<Integer>> changedFields() {
        Map<Long, Set<Integer>> changed = new HashMap<>();
        newFiles.forEach((id, file) -> changed.put(id, Set.copyOf(usedFields(file))));
        return changed;
    }

    private static Set<Integer> usedFields(DataFile file) {
        Set<Integer> used = new HashSet<>(file.fieldIds());
        used.removeIf(id -> id < 0);
        return used;
    }

    /// The fragment with its new file, where it gets one.
    Fragment apply(Fragment fragment) {
        DataFile newFile = newFiles.get(fragment.id());
        if (newFile == null) {
            return fragment;
        }
        Set<Integer> replaced = usedFields(newFile);
        Set<Integer> stored = new HashSet<>();
        List<DataFile> files = new ArrayList<>();
        boolean inPlace = false;
        for (DataFile file : fragment.files()) {
            stored.addAll(usedFields(file));
            if (file.fieldIds().equals(newFile.fieldIds())
                    && file.majorVersion() == newFile.majorVersion()
                    && file.minorVersion() == newFile.minorVersion()) {
                files.add(newFile);
                inPlace = true;
            } else {
                files.add(file);
            }
        }
        if (inPlace) {
            return fragment.withFiles(files);
        }
        if (stored.stream().anyMatch(replaced::contains) && !stored.containsAll(replaced)) {
            throw new IllegalArgumentException("fragment " + fragment.id() + " holds some of the fields "
                    + newFile.fieldIds() + " and lacks others: they can't be replaced together");
        }
        files.replaceAll(file -> withoutFields(file, replaced));
        files.removeIf(file -> file.fieldIds().stream().noneMatch(liveFieldIds::contains));
        files.add(newFile);
        return fragment.withFiles(files);
    }

    private static DataFile withoutFields(DataFile file, Set<Integer> gone) {
        if (file.fieldIds().stream().noneMatch(gone::contains)) {
            return file;
        }
        return file.withFieldIds(file.fieldIds().stream()
                .map(id -> gone.contains(id) ? DataFile.TOMBSTONE : id)
                .toList());
    }
}
