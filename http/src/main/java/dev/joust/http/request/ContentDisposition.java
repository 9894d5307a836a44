// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/// `form-data; name="file"; filename="a.jpg"`: how a part of a form says what it is (RFC 7578, 4.2).
///
/// @param fileName as it was sent: decoded are the backslash before a quote or another backslash, the line ends and
///                 quotes that forms of HTML escape (`%0D`, `%0A`, `%22`), and `filename*` as a whole (RFC 5987)
record ContentDisposition(@Nullable String name, @Nullable String fileName) {
    private static final String ENCODED_FILE_NAME = "filename*";

    /// @throws RequestException (400) if a quote is not closed, as where a name holds the end of a line
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
        String fileName = values.get("filename");
        return new ContentDisposition(values.get("name"), values.containsKey(ENCODED_FILE_NAME)
                ? decoded(values.get(ENCODED_FILE_NAME)) : fileName == null ? null : withoutEscapes(fileName));
    }

    private static String withoutEscapes(String fileName) {
        return fileName.replaceAll("(?i)%0d", "\r").replaceAll("(?i)%0a", "\n").replace("%22", "\"");
    }

    /// `UTF-8'en'%e2%82%ac.png`; in other charsets what is not ASCII comes out as the replacement, which no name holds.
    private static String decoded(String value) {
        String encoded = value.substring(value.indexOf('\'', value.indexOf('\'') + 1) + 1);
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw unsound();
        }
    }

    private static RequestException unsound() {
        return new RequestException(400, "the name of a file in the form is not sound");
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
            if (at == header.length()) {
                throw unsound();
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
