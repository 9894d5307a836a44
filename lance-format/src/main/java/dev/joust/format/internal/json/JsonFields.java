// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.json;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.joust.format.CorruptFileException;
import dev.joust.io.ObjectPath;

/// An object of a file, asked for its members by name and kind. A member that is there with another kind of value is
/// an error that names it.
public final class JsonFields {
    private static final BigInteger MAX_UNSIGNED = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final ObjectPath file;
    private final String structure;
    private final Map<String, JsonValue> members;

    /// @param structure for errors
    public JsonFields(ObjectPath file, String structure, JsonValue.Obj object) {
        this.file = file;
        this.structure = structure;
        this.members = object.members();
    }

    private Optional<JsonValue> find(String key) {
        JsonValue value = members.get(key);
        return value == null || value instanceof JsonValue.Null ? Optional.empty() : Optional.of(value);
    }

    public CorruptFileException bad(String problem) {
        return new CorruptFileException(file, 0, structure, problem);
    }

    public Optional<String> text(String key) {
        return find(key).map(value -> switch (value) {
            case JsonValue.Text text -> text.value();
            default -> throw bad("'" + key + "' is no string");
        });
    }

    /// A whole number of 64 bits, unsigned.
    public Optional<Long> number(String key) {
        return find(key).map(value -> number(value, key));
    }

    public long requiredNumber(String key) {
        return number(key).orElseThrow(() -> bad("'" + key + "' is missing"));
    }

    private long number(JsonValue value, String key) {
        if (value instanceof JsonValue.Num number && number.text().matches("[0-9]{1,20}")) {
            BigInteger whole = new BigInteger(number.text());
            if (whole.compareTo(MAX_UNSIGNED) <= 0) {
                return whole.longValue();
            }
        }
        throw bad("'" + key + "' is no whole number of 64 bits");
    }

    /// A number of any kind.
    public double requiredReal(String key) {
        if (members.get(key) instanceof JsonValue.Num number) {
            return Double.parseDouble(number.text());
        }
        throw bad("'" + key + "' is no number");
    }

    /// False where it is not there.
    public boolean flag(String key) {
        return find(key).map(value -> switch (value) {
            case JsonValue.Bool bool -> bool.value();
            default -> throw bad("'" + key + "' is neither true nor false");
        }).orElse(false);
    }

    /// A whole number that is a count of things in memory.
    public int requiredCount(String key) {
        long count = requiredNumber(key);
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw bad("'" + key + "' is " + Long.toUnsignedString(count));
        }
        return (int) count;
    }

    /// An array of whole numbers; empty where it is not there.
    public long[] numbers(String key) {
        return find(key).map(value -> switch (value) {
            case JsonValue.Array array -> array.items().stream().mapToLong(item -> number(item, key)).toArray();
            default -> throw bad("'" + key + "' is no array");
        }).orElse(new long[0]);
    }

    public Optional<JsonFields> object(String key) {
        return find(key).map(value -> switch (value) {
            case JsonValue.Obj object -> new JsonFields(file, structure + "." + key, object);
            default -> throw bad("'" + key + "' is no object");
        });
    }

    /// An array of pairs of a whole number and a string.
    public List<Map.Entry<Long, String>> pairs(String key) {
        if (!(members.get(key) instanceof JsonValue.Array array)) {
            throw bad("'" + key + "' is no array");
        }
        return array.items().stream()
                .map(item -> {
                    if (item instanceof JsonValue.Array(List<JsonValue> pair)
                            && pair.size() == 2
                            && pair.get(1) instanceof JsonValue.Text text) {
                        return Map.entry(number(pair.getFirst(), key), text.value());
                    }
                    throw bad("'" + key + "' holds what is no pair of a version and an id");
                })
                .toList();
    }

    /// An object of nothing but strings; empty if it is not there.
    public Map<String, String> texts(String key) {
        JsonFields object = object(key).orElse(null);
        if (object == null) {
            return Map.of();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : object.members.keySet()) {
            texts.put(name, object.text(name).orElseThrow(() -> object.bad("'" + name + "' is no string")));
        }
        return texts;
    }

    /// Members of other names than these.
    public Map<String, JsonValue> others(Set<String> known) {
        Map<String, JsonValue> others = new LinkedHashMap<>(members);
        others.keySet().removeAll(known);
        return others;
    }
}
