// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;

/// What a {@link Operation.Merge} must keep of the version it goes on top of (spec: table format 3.2): every fragment
/// with its rows, and the meaning of every field id.
final class MergeRules {
    private final Manifest base;
    private final Operation.Merge merge;
    /// The first of each id: further ones are new, their id still to be given.
    private final Map<Long, Fragment> mergedById = new HashMap<>();

    MergeRules(Manifest base, Operation.Merge merge) {
        this.base = base;
        this.merge = merge;
        merge.fragments().forEach(fragment -> mergedById.putIfAbsent(fragment.id(), fragment));
    }

    /// @throws IllegalArgumentException naming the first rule that the operation breaks
    void check() {
        checkFragments();
        checkSchema();
    }

    private void checkFragments() {
        Map<Long, Fragment> present = FragmentList.byId(base.fragments());
        Set<Long> seen = new HashSet<>();
        boolean newOnesBegan = false;
        for (Fragment fragment : merge.fragments()) {
            boolean isPresent = present.containsKey(fragment.id()) && seen.add(fragment.id());
            if (isPresent && newOnesBegan) {
                throw broken("lists fragment " + fragment.id() + " after new ones");
            }
            newOnesBegan |= !isPresent;
            if (!isPresent && fragment.rowIds() != null) {
                throw broken("brings new rows with row ids of their own");
            }
        }
        for (Fragment before : base.fragments()) {
            Fragment after = mergedById.get(before.id());
            if (after == null) {
                throw broken("leaves out fragment " + before.id());
            }
            if (after.physicalRowCount() != before.physicalRowCount()) {
                throw broken("changes fragment " + before.id() + " from " + before.physicalRowCount() + " to "
                        + after.physicalRowCount() + " rows");
            }
            if (base.hasStableRowIds() && !Objects.equals(after.rowIds(), before.rowIds())) {
                throw broken("changes row ids of fragment " + before.id());
            }
        }
    }

    private void checkSchema() {
        Map<Integer, Node> before = nodes(base.schema());
        Map<String, Node> beforeByPath = new HashMap<>();
        before.values().forEach(node -> beforeByPath.put(node.path(), node));
        Schema schema = merge.schema().schema();
        int maxFieldId = base.maxFieldId();
        for (Node node : nodes(schema).values()) {
            Node earlier = before.get(node.field().id());
            if (earlier != null) {
                checkKept(earlier, node, before);
                continue;
            }
            if (node.field().id() <= maxFieldId) {
                throw broken("gives new field '" + node.path() + "' id " + node.field().id()
                        + ", ids up to " + maxFieldId + " are taken");
            }
            if (beforeByPath.containsKey(node.path())
                    && !merge.fragments().stream().allMatch(fragment -> stores(fragment, node.field()))) {
                throw broken("gives field '" + node.path() + "' another id without writing it in every fragment");
            }
        }
    }

    private void checkKept(Node before, Node after, Map<Integer, Node> allBefore) {
        boolean takesSiblingsName = allBefore.values().stream()
                .anyMatch(other -> other.parentId() == before.parentId()
                        && other.field().id() != after.field().id()
                        && other.field().name().equals(after.field().name()));
        if (after.parentId() != before.parentId() || takesSiblingsName) {
            throw broken("makes field " + after.field().id() + " '" + after.path() + "', it is '" + before.path() + "'");
        }
        boolean changed = !before.field().type().equals(after.field().type())
                || before.field().nullable() != after.field().nullable();
        if (changed && !isRewritten(after.field().id())) {
            throw broken("changes type or nullability of field '" + after.path()
                    + "' without writing it anew in every fragment");
        }
    }

    /// Whether every fragment has the field in another file than before.
    private boolean isRewritten(int fieldId) {
        return base.fragments().stream().allMatch(before -> {
            Fragment after = Objects.requireNonNull(mergedById.get(before.id()));
            List<DataFile> now = after.files().stream()
                    .filter(file -> file.fieldIds().contains(fieldId))
                    .toList();
            return !now.isEmpty()
                    && before.files().stream()
                            .filter(file -> file.fieldIds().contains(fieldId))
                            .noneMatch(old -> now.stream().anyMatch(file -> isSameFile(old, file)));
        });
    }

    private static boolean isSameFile(DataFile one, DataFile other) {
        return one.path().equals(other.path()) && Objects.equals(one.baseId(), other.baseId());
    }

    private static boolean stores(Fragment fragment, Field field) {
        return fragment.files().stream().anyMatch(file -> file.fieldIds().contains(field.id()))
                || field.children().stream().anyMatch(child -> stores(fragment, child));
    }

    /// Fields whose values are in another file than before, by fragment.
    Map<Long, Set<Integer>> changedFields() {
        Map<Long, Set<Integer>> changed = new HashMap<>();
        for (Fragment before : base.fragments()) {
            Fragment after = mergedById.get(before.id());
            if (after == null || after.files().equals(before.files())) {
                continue;
            }
            Map<Integer, DataFile> filesAfter = filesByField(after);
            filesByField(before).forEach((id, file) -> {
                DataFile now = filesAfter.get(id);
                if (now == null || !isSameFile(file, now)) {
                    changed.computeIfAbsent(before.id(), _ -> new HashSet<>()).add(id);
                }
            });
        }
        return changed;
    }

    private static Map<Integer, DataFile> filesByField(Fragment fragment) {
        Map<Integer, DataFile> files = new HashMap<>();
        for (DataFile file : fragment.files()) {
            file.fieldIds().stream().filter(id -> id >= 0).forEach(id -> files.put(id, file));
        }
        return files;
    }

    /// Whether columns of the fragment were written: its deletions alone change no row that is left.
    static boolean isRewritten(Fragment before, Fragment after) {
        return !before.files().equals(after.files());
    }

    /// A field and where it is.
    private record Node(Field field, int parentId, String path) {}

    private static Map<Integer, Node> nodes(Schema schema) {
        Map<Integer, Node> nodes = new HashMap<>();
        schema.fields().forEach(field -> addNodes(new Node(field, -1, field.name()), nodes));
        return nodes;
    }

    private static void addNodes(Node node, Map<Integer, Node> target) {
        target.put(node.field().id(), node);
        for (Field child : node.field().children()) {
            addNodes(new Node(child, node.field().id(), node.path() + "." + child.name()), target);
        }
    }

    private static IllegalArgumentException broken(String what) {
        return new IllegalArgumentException("a merge of columns keeps every fragment and field, this one " + what);
    }
}
