// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/// `form-data; name="file"; filename="a.jpg"`: how a part of a form says what it is (RFC 7578, 4.2).
///
/// @param fileName as it was sent: nothing is decoded but the backslash before a quote or another backslash
record ContentDisposition(@Nullable String name, @Nullable String fileName) {
    static ContentDisposition parse(String header) {
        Map<String, String> values = new HashMap<>();
        int at = header.indexOf(';');
        while (at >= 0 && at < header.length()) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            String key = header.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            StringBuilder value = new StringBuilder();
            at = readValue(header, equals + 1, value);
            values.putIfAbsent(key, value.toString());
        }
        return new ContentDisposition(values.get("name"), values.get("filename"));
    }

    /// @return where the next `;` is, or the end
    private static int readValue(String header, int start, StringBuilder value) {
        int at = start;
        while (at < header.length() && header.charAt(at) == ' ') {
            at++;
        }
        if (at < header.length() && header.charAt(at) == '"') {
            at++;
            while (at < header.length() && header.charAt(at) != '"') {
                boolean escapes = header.charAt(at) == '\\' && at + 1 < header.length()
                        && (header.charAt(at + 1) == '"' || header.charAt(at + 1) == '\\');
                at += escapes ? 1 : 0;
                value.append(header.charAt(at++));
            }
            int next = header.indexOf(';', at);
            return next < 0 ? header.length() : next;
        }
        int next = header.indexOf(';', at);
        int end = next < 0 ? header.length() : next;
        value.append(header.substring(at, end).strip());
        return end;
    }
}
