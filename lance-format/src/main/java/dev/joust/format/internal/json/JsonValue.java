// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One value of a JSON text (RFC 8259). Keys keep their order, numbers their digits, so that what nobody here knows is
/// written again as it was.
public sealed interface JsonValue {
    JsonValue NULL = new Null();

    record Null() implements JsonValue {}

    record Bool(boolean value) implements JsonValue {}

    /// @param text its digits, as they stand
    record Num(String text) implements JsonValue {}

    record Text(String value) implements JsonValue {}

    record Array(List<JsonValue> items) implements JsonValue {
        public Array {
            items = List.copyOf(items);
        }
    }

    record Obj(Map<String, JsonValue> members) implements JsonValue {
        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }
    }

    static JsonValue of(long number) {
        return new Num(Long.toString(number));
    }
}
