// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Which parts of a field the files of a fragment hold. Leaves may lie in several files, and some in none: those are
/// null, and what lists and structs around them say comes from any leaf below that is in a file (spec: table format,
/// additions). Immutable.
final class FileFields {
    /// Ids of fields that own a column in any file.
    private final Set<Integer> stored;

    FileFields(List<Set<Integer>> storedByFile) {
        stored = new HashSet<>();
        storedByFile.forEach(stored::addAll);
    }

    /// What to read so that `wanted` can be put together: where a list or struct has no wanted leaf in any file, one
    /// that is not wanted tells of its nulls and lengths.
    ///
    /// @param wanted a field, below structs perhaps not all of it
    /// @param whole  the same field, all of it
    Field toRead(Field wanted, Field whole) {
        if (wanted.children().isEmpty()) {
            return wanted;
        }
        List<Field> children = new ArrayList<>();
        for (Field child : wanted.children()) {
            Field wholeChild = whole.children().stream()
                    .filter(candidate -> candidate.id() == child.id())
                    .findFirst()
                    .orElse(child);
            children.add(toRead(child, wholeChild));
        }
        Field read = wanted.withChildren(children);
        if (only(read, stored) == null) {
            Field witness = firstStored(whole);
            return witness == null ? read : witness;
        }
        return read;
    }

    private @Nullable Field firstStored(Field field) {
        for (Field child : field.children()) {
            Field found = firstStored(child);
            if (found != null) {
                return field.withChildren(List.of(found));
            }
        }
        return stored.contains(field.id()) ? field : null;
    }

    /// The field with only those leaves that are among `ids`, maps whole; null without any.
    static @Nullable Field only(Field field, Set<Integer> ids) {
        List<Field> children = new ArrayList<>();
        for (Field child : field.children()) {
            Field kept = only(child, ids);
            if (kept != null) {
                children.add(kept);
            }
        }
        if (!children.isEmpty()) {
            return field.type() instanceof LogicalType.Map ? field : field.withChildren(children);
        }
        // one column for all of it: a leaf, or a struct that is stored as one
        return ids.contains(field.id()) ? field : null;
    }
}
