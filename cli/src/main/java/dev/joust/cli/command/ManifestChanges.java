// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;

/// What differs between two versions of a table.
final class ManifestChanges {
    private final List<Change> changes = new ArrayList<>();

    private ManifestChanges() {}

    /// @param what such as `fragment 3`
    /// @param from null for what is added
    /// @param to   null for what is removed
    record Change(String what, @Nullable String from, @Nullable String to) {
        /// `added`, `removed` or `changed`
        String kind() {
            return from == null ? "added" : to == null ? "removed" : "changed";
        }

        @Override
        public String toString() {
            return switch (kind()) {
                case "added" -> "+ " + what + "  " + to;
                case "removed" -> "- " + what + "  " + from;
                default -> "~ " + what + "  " + from + " -> " + to;
            };
        }
    }

    static List<Change> between(Manifest from, Manifest to) {
        ManifestChanges changes = new ManifestChanges();
        changes.compare("", facts(from), facts(to));
        changes.compare("field ", fields(from), fields(to));
        changes.compare("config ", from.config(), to.config());
        changes.compare("metadata ", from.tableMetadata(), to.tableMetadata());
        changes.compare("schema metadata ", from.schema().metadata(), to.schema().metadata());
        changes.compare("base ", bases(from), bases(to));
        changes.compare("fragment ", fragments(from), fragments(to));
        changes.compare("index ", indices(from), indices(to));
        return changes.changes;
    }

    private void compare(String what, Map<String, String> from, Map<String, String> to) {
        Set<String> keys = new LinkedHashSet<>(from.keySet());
        keys.addAll(to.keySet());
        for (String key : keys) {
            String before = from.get(key);
            String after = to.get(key);
            if (before == null || after == null || !before.equals(after)) {
                changes.add(new Change(what + key, before, after));
            }
        }
    }

    private static Map<String, String> facts(Manifest manifest) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("rows", Long.toString(manifest.liveRowCount()));
        facts.put("storage version", manifest.dataFormatVersion());
        facts.put("reader feature flags", Long.toUnsignedString(manifest.readerFeatureFlags()));
        facts.put("writer feature flags", Long.toUnsignedString(manifest.writerFeatureFlags()));
        if (manifest.branch() != null) {
            facts.put("branch", manifest.branch());
        }
        return facts;
    }

    private static Map<String, String> fields(Manifest manifest) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (Field field : manifest.schema().preOrder()) {
            fields.put(
                    Integer.toString(field.id()),
                    field.name() + ": " + TypeNames.of(field) + (field.nullable() ? "" : " not null")
                            + (field.metadata().isEmpty() ? "" : " " + field.metadata()));
        }
        return fields;
    }

    private static Map<String, String> bases(Manifest manifest) {
        return manifest.basePaths().stream()
                .collect(Collectors.toMap(base -> Integer.toUnsignedString(base.id()), BasePath::path, (a, b) -> b, LinkedHashMap::new));
    }

    private static Map<String, String> fragments(Manifest manifest) {
        Map<String, String> fragments = new LinkedHashMap<>();
        for (Fragment fragment : manifest.fragments()) {
            StringBuilder text = new StringBuilder().append(fragment.physicalRowCount()).append(" rows");
            if (fragment.deletionFile() != null) {
                text.append(", ").append(fragment.deletedRowCount()).append(" deleted by ").append(fragment.deletionFile().fileName(fragment.id()));
            }
            for (DataFile file : fragment.files()) {
                text.append(", ").append(file.path()).append(" fields ").append(file.fieldIds());
            }
            fragments.put(Long.toString(fragment.id()), text.toString());
        }
        return fragments;
    }

    private static Map<String, String> indices(Manifest manifest) {
        Map<String, String> indices = new LinkedHashMap<>();
        for (IndexMetadata index : manifest.indices()) {
            indices.put(index.name() + " " + index.uuid(), "on fields " + index.fieldIds() + (index.fragmentBitmap() == null ? "" : ", covering " + index.fragmentBitmap()));
        }
        return indices;
    }
}
