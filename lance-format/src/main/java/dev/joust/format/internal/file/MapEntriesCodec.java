// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;

import dev.joust.format.internal.proto.file.MetadataEntry;
import dev.joust.format.internal.proto.file.TextEntry;

/// Maps of messages, which the messages hold as lists of their entries (see `lance_file.proto`). Of two entries with the same key the
/// later one holds.
public final class MapEntriesCodec {
    private MapEntriesCodec() {}

    /// @return a map that is the caller's
    public static Map<String, ByteString> bytes(List<MetadataEntry> entries) {
        Map<String, ByteString> map = LinkedHashMap.newLinkedHashMap(entries.size());
        for (MetadataEntry entry : entries) {
            map.put(entry.getKey(), entry.getValue());
        }
        return map;
    }

    /// @return a map that is the caller's
    public static Map<String, String> text(List<TextEntry> entries) {
        Map<String, String> map = LinkedHashMap.newLinkedHashMap(entries.size());
        for (TextEntry entry : entries) {
            map.put(entry.getKey(), entry.getValue());
        }
        return map;
    }

    /// In the order of the map.
    public static List<MetadataEntry> ofBytes(Map<String, ByteString> map) {
        List<MetadataEntry> entries = new ArrayList<>(map.size());
        map.forEach((key, value) -> entries.add(
                MetadataEntry.newBuilder().setKey(key).setValue(value).build()));
        return entries;
    }

    /// In the order of the map.
    public static List<TextEntry> ofText(Map<String, String> map) {
        List<TextEntry> entries = new ArrayList<>(map.size());
        map.forEach((key, value) ->
                entries.add(TextEntry.newBuilder().setKey(key).setValue(value).build()));
        return entries;
    }
}
