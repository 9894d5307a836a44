// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.joust.format.CorruptFileException;
import dev.joust.io.ObjectPath;

/// Reads one JSON text, strictly: one value, UTF-8, nothing after it, no key twice, and not deeper than a file of a
/// table ever is.
public final class JsonParser {
    private static final int MAX_DEPTH = 32;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final ObjectPath file;
    private final String structure;
    private final String text;
    private int at;

    private JsonParser(ObjectPath file, String structure, String text) {
        this.file = file;
        this.structure = structure;
        this.text = text;
    }

    /// @param structure what the file holds, for errors: `tag`
    /// @throws CorruptFileException where the bytes are no object
    public static JsonValue.Obj parseObject(ObjectPath file, String structure, byte[] utf8) {
        JsonParser parser = new JsonParser(file, structure, decoded(file, structure, utf8));
        parser.skipBlanks();
        if (parser.peek() != '{') {
            throw parser.bad("an object");
        }
        JsonValue.Obj object = parser.object(0);
        parser.expectEnd();
        return object;
    }

    /// A text that is a value of any kind.
    ///
    /// @throws CorruptFileException where it is none
    public static JsonValue parse(ObjectPath file, String structure, String text) {
        JsonParser parser = new JsonParser(file, structure, text);
        JsonValue value = parser.value(0);
        parser.expectEnd();
        return value;
    }

    private void expectEnd() {
        skipBlanks();
        if (at < text.length()) {
            throw bad("the end");
        }
    }

    private static String decoded(ObjectPath file, String structure, byte[] utf8) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw new CorruptFileException(file + ": " + structure + ": not UTF-8", e);
        }
    }

    private CorruptFileException bad(String expected) {
        long offset = text.substring(0, at).getBytes(StandardCharsets.UTF_8).length;
        String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
        return new CorruptFileException(file, offset, structure, "found " + found + " instead of " + expected);
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean pass(char c) {
        skipBlanks();
        boolean found = at < text.length() && text.charAt(at) == c;
        at += found ? 1 : 0;
        return found;
    }

    private void expect(char c) {
        if (!pass(c)) {
            throw bad("'" + c + "'");
        }
    }

    private JsonValue value(int depth) {
        if (depth > MAX_DEPTH) {
            throw bad("at most " + MAX_DEPTH + " levels");
        }
        skipBlanks();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> new JsonValue.Text(string());
            case 't' -> word("true", new JsonValue.Bool(true));
            case 'f' -> word("false", new JsonValue.Bool(false));
            case 'n' -> word("null", JsonValue.NULL);
            default -> number();
        };
    }

    private JsonValue.Obj object(int depth) {
        expect('{');
        Map<String, JsonValue> members = new LinkedHashMap<>();
        if (pass('}')) {
            return new JsonValue.Obj(members);
        }
        do {
            skipBlanks();
            if (peek() != '"') {
                throw bad("a key");
            }
            String key = string();
            expect(':');
            if (members.put(key, value(depth + 1)) != null) {
                throw bad("the key '" + key + "' once");
            }
        } while (pass(','));
        expect('}');
        return new JsonValue.Obj(members);
    }

    private JsonValue.Array array(int depth) {
        expect('[');
        List<JsonValue> items = new ArrayList<>();
        if (pass(']')) {
            return new JsonValue.Array(items);
        }
        do {
            items.add(value(depth + 1));
        } while (pass(','));
        expect(']');
        return new JsonValue.Array(items);
    }

    private JsonValue word(String word, JsonValue value) {
        if (!text.startsWith(word, at)) {
            throw bad(word);
        }
        at += word.length();
        return value;
    }

    private JsonValue number() {
        Matcher matcher = NUMBER.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw bad("a value");
        }
        at = matcher.end();
        return new JsonValue.Num(matcher.group());
    }

    private String string() {
        at++;
        StringBuilder string = new StringBuilder();
        while (true) {
            char c = peek();
            if (at >= text.length() || c < ' ') {
                throw bad("the end of a string");
            }
            at++;
            if (c == '"') {
                return string.toString();
            }
            string.append(c == '\\' ? escape() : c);
        }
    }

    private char escape() {
        char c = peek();
        int index = "\"\\/bfnrt".indexOf(c);
        if (index >= 0 && at < text.length()) {
            at++;
            return "\"\\/\b\f\n\r\t".charAt(index);
        }
        if (c != 'u') {
            throw bad("an escaped character");
        }
        at++;
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw bad("a hexadecimal digit");
            }
            code = code << 4 | digit;
            at++;
        }
        return (char) code;
    }
}
