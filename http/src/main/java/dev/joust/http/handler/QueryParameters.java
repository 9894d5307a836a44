// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.http.request.RequestException;

/// The part of a URL after `?`, decoded strictly: a broken escape or bytes that are no UTF-8 are the caller's mistake.
final class QueryParameters {
    private final Map<String, List<String>> valuesByName;

    private QueryParameters(Map<String, List<String>> valuesByName) {
        this.valuesByName = valuesByName;
    }

    /// @param rawQuery as in the URL, still escaped; null where there is none
    static QueryParameters parse(@Nullable String rawQuery) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (rawQuery != null && !rawQuery.isEmpty()) {
            for (String pair : rawQuery.split("&")) {
                if (pair.isEmpty()) {
                    continue;
                }
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
        }
        return new QueryParameters(values);
    }

    Set<String> names() {
        return valuesByName.keySet();
    }

    /// The one value of a parameter; empty where it is not given.
    Optional<String> get(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw new RequestException(400, "'" + name + "' is given more than once");
        }
        return values.stream().findFirst();
    }

    /// The values of a parameter that may be given several times.
    List<String> all(String name) {
        return valuesByName.getOrDefault(name, List.of());
    }

    private static String decode(String escaped) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                if (i + 2 >= escaped.length()) {
                    throw brokenEscape(escaped);
                }
                int high = Character.digit(escaped.charAt(i + 1), 16);
                int low = Character.digit(escaped.charAt(i + 2), 16);
                if (high < 0 || low < 0) {
                    throw brokenEscape(escaped);
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else if (c == '+') {
                bytes.write(' ');
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw new RequestException(400, "the query is not UTF-8");
        }
    }

    private static RequestException brokenEscape(String escaped) {
        return new RequestException(400, "broken escape in the query: '" + escaped + "'");
    }
}
