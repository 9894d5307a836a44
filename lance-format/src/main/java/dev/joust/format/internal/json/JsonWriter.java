// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.json;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/// Writes a JSON value the way the reference lays out its own: two blanks a level, one item a line.
public final class JsonWriter {
    private final StringBuilder text = new StringBuilder();
    private final boolean onOneLine;

    private JsonWriter(boolean onOneLine) {
        this.onOneLine = onOneLine;
    }

    public static byte[] toBytes(JsonValue value) {
        JsonWriter writer = new JsonWriter(false);
        writer.value(value, 0);
        return writer.text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Without blanks.
    public static String toLine(JsonValue value) {
        JsonWriter writer = new JsonWriter(true);
        writer.value(value, 0);
        return writer.text.toString();
    }

    private void value(JsonValue value, int depth) {
        switch (value) {
            case JsonValue.Null _ -> text.append("null");
            case JsonValue.Bool bool -> text.append(bool.value());
            case JsonValue.Num number -> text.append(number.text());
            case JsonValue.Text string -> string(string.value());
            case JsonValue.Array array -> array(array, depth);
            case JsonValue.Obj object -> object(object, depth);
        }
    }

    private void array(JsonValue.Array array, int depth) {
        text.append('[');
        for (Iterator<JsonValue> items = array.items().iterator(); items.hasNext(); ) {
            line(depth + 1);
            value(items.next(), depth + 1);
            text.append(items.hasNext() ? "," : "");
        }
        end(array.items().isEmpty(), depth).append(']');
    }

    private void object(JsonValue.Obj object, int depth) {
        text.append('{');
        for (Iterator<Map.Entry<String, JsonValue>> members =
                        object.members().entrySet().iterator();
                members.hasNext(); ) {
            Map.Entry<String, JsonValue> member = members.next();
            line(depth + 1);
            string(member.getKey());
            text.append(onOneLine ? ":" : ": ");
            value(member.getValue(), depth + 1);
            text.append(members.hasNext() ? "," : "");
        }
        end(object.members().isEmpty(), depth).append('}');
    }

    private StringBuilder end(boolean empty, int depth) {
        if (!empty) {
            line(depth);
        }
        return text;
    }

    private void line(int depth) {
        if (onOneLine) {
            return;
        }
        text.append('\n').append("  ".repeat(depth));
    }

    private void string(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            int escaped = "\"\\\b\f\n\r\t".indexOf(c);
            if (escaped >= 0) {
                text.append('\\').append("\"\\bfnrt".charAt(escaped));
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
