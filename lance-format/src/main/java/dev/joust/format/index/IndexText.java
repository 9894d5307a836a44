// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.index;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.json.JsonParser;
import dev.joust.format.internal.json.JsonValue;
import dev.joust.format.internal.json.JsonWriter;
import dev.joust.io.ObjectPath;

/// JSON texts in the schema metadata of index files (spec: index format B.1).
public final class IndexText {
    private IndexText() {}

    /// An array of strings.
    ///
    /// @param key of the metadata, for errors
    /// @throws CorruptFileException if the text is something else
    public static List<String> strings(ObjectPath file, String key, String text) {
        if (!(JsonParser.parse(file, key, text) instanceof JsonValue.Array(List<JsonValue> items))) {
            throw new CorruptFileException(file, 0, key, "is no JSON array");
        }
        return items.stream()
                .map(item -> switch (item) {
                    case JsonValue.Text(String value) -> value;
                    default -> throw new CorruptFileException(file, 0, key, "holds what is no string");
                })
                .toList();
    }

    public static String ofStrings(List<String> strings) {
        return JsonWriter.toLine(
                new JsonValue.Array(strings.stream().<JsonValue>map(JsonValue.Text::new).toList()));
    }

    /// An object whose members are strings; others are left out.
    ///
    /// @throws CorruptFileException if the text is something else
    public static Map<String, String> object(ObjectPath file, String key, String text) {
        if (!(JsonParser.parse(file, key, text) instanceof JsonValue.Obj(Map<String, JsonValue> members))) {
            throw new CorruptFileException(file, 0, key, "is no JSON object");
        }
        Map<String, String> strings = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (value instanceof JsonValue.Text(String string)) {
                strings.put(name, string);
            }
        });
        return strings;
    }

    public static String ofObject(Map<String, String> strings) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        strings.forEach((name, value) -> members.put(name, new JsonValue.Text(value)));
        return JsonWriter.toLine(new JsonValue.Obj(members));
    }
}
