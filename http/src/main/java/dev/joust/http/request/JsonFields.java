// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import org.jspecify.annotations.Nullable;

/// A JSON object of texts and lists of texts, as requests send it.
public final class JsonFields {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final Map<String, @Nullable Object> fields;

    private JsonFields(Map<String, @Nullable Object> fields) {
        this.fields = fields;
    }

    /// @throws RequestException (400) if it is no such object
    public static JsonFields parse(byte[] bytes) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        try (JsonParser json = FACTORY.createParser(bytes)) {
            check(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                fields.put(name, value(json, json.nextToken()));
            }
            check(json.nextToken() == null);
        } catch (IOException e) {
            throw unsound();
        }
        return new JsonFields(fields);
    }

    private static @Nullable Object value(JsonParser json, @Nullable JsonToken token) throws IOException {
        if (token == JsonToken.START_ARRAY) {
            List<String> texts = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                check(json.currentToken() == JsonToken.VALUE_STRING);
                texts.add(json.getText());
            }
            return texts;
        }
        check(token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NULL);
        return token == JsonToken.VALUE_NULL ? null : json.getText();
    }

    private static void check(boolean isSound) {
        if (!isSound) {
            throw unsound();
        }
    }

    private static RequestException unsound() {
        return new RequestException(400, "the body is not a JSON object of texts and lists of texts");
    }

    /// @throws RequestException (400) if there is a field of another name
    public void checkNames(Set<String> known) {
        for (String name : fields.keySet()) {
            if (!known.contains(name)) {
                throw new RequestException(400, "no field '" + FileName.shown(name) + "' here; there are "
                        + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    public boolean has(String name) {
        return fields.containsKey(name);
    }

    /// A text; empty where it is null or not given.
    public Optional<String> text(String name) {
        return switch (fields.get(name)) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            default -> throw new RequestException(400, "'" + name + "' must be a text");
        };
    }

    /// A list of texts; empty where it is null or not given.
    public List<String> texts(String name) {
        return switch (fields.get(name)) {
            case null -> List.of();
            case List<?> texts -> texts.stream().map(String::valueOf).toList();
            default -> throw new RequestException(400, "'" + name + "' must be a list of texts");
        };
    }
}
