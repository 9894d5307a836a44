// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.commit.Operation;

/// Keys of a map of metadata to set or delete. Immutable; each method answers a changed copy.
///
/// @param entries keys and their new values, null for a key that goes
/// @param replace whether everything that was there goes first
public record MetadataUpdate(Map<String, @Nullable String> entries, boolean replace) {
    public MetadataUpdate {
        entries = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /// Sets these keys, and leaves the others.
    public static MetadataUpdate set(Map<String, @Nullable String> entries) {
        return new MetadataUpdate(entries, false);
    }

    public static MetadataUpdate set(String key, String value) {
        return set(Map.of(key, value));
    }

    /// These entries and no others.
    public static MetadataUpdate replaceAll(Map<String, String> entries) {
        return new MetadataUpdate(new LinkedHashMap<>(entries), true);
    }

    /// Also without a key.
    public MetadataUpdate delete(String key) {
        Map<String, @Nullable String> changed = new LinkedHashMap<>(entries);
        changed.put(key, null);
        return new MetadataUpdate(changed, replace);
    }

    Operation.UpdateConfig.MapUpdate toOperation() {
        List<Operation.UpdateConfig.MapUpdate.Entry> changes = new ArrayList<>();
        entries.forEach((key, value) -> changes.add(new Operation.UpdateConfig.MapUpdate.Entry(key, value)));
        return new Operation.UpdateConfig.MapUpdate(changes, replace, Bytes.EMPTY);
    }
}
