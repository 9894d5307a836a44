// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// Splits comma-separated values (RFC 4180) into records. Lines may end in LF, CRLF or CR; blank lines are no records.
/// Not thread-safe.
final class CsvParser {
    private static final int MAX_FIELD_CHARS = 64 << 20;

    private final Reader in;
    private int next;
    private long line = 1;

    /// @param in is read to its end and not closed
    CsvParser(Reader in) throws IOException {
        this.in = in;
        this.next = in.read();
        if (next == '\ufeff') {
            next = in.read();
        }
    }

    /// Line on which the next record starts, from 1.
    long line() {
        return line;
    }

    /// The fields of the next record, null for an empty one without quotes; null at the end.
    ///
    /// @throws IllegalArgumentException for quotes that are not closed or stand inside a field
    @Nullable List<@Nullable String> next() throws IOException {
        while (next == '\n' || next == '\r') {
            endOfLine();
        }
        if (next < 0) {
            return null;
        }
        List<@Nullable String> fields = new ArrayList<>();
        fields.add(field());
        while (next == ',') {
            next = in.read();
            fields.add(field());
        }
        if (next >= 0) {
            endOfLine();
        }
        return fields;
    }

    private void endOfLine() throws IOException {
        if (next == '\r') {
            next = in.read();
            if (next != '\n') {
                line++;
                return;
            }
        }
        next = in.read();
        line++;
    }

    private @Nullable String field() throws IOException {
        StringBuilder text = new StringBuilder();
        if (next == '"') {
            quoted(text);
            if (next != ',' && next != '\n' && next != '\r' && next >= 0) {
                throw new IllegalArgumentException("line " + line + ": text after a closing quote");
            }
            return text.toString();
        }
        while (next >= 0 && next != ',' && next != '\n' && next != '\r') {
            add(text, next);
            next = in.read();
        }
        return text.isEmpty() ? null : text.toString();
    }

    private void quoted(StringBuilder text) throws IOException {
        long startLine = line;
        next = in.read();
        while (true) {
            if (next < 0) {
                throw new IllegalArgumentException("line " + startLine + ": a quote is not closed");
            }
            if (next == '"') {
                next = in.read();
                if (next != '"') {
                    return;
                }
            } else if (next == '\n') {
                line++;
            }
            add(text, next);
            next = in.read();
        }
    }

    private void add(StringBuilder text, int character) {
        if (text.length() == MAX_FIELD_CHARS) {
            throw new IllegalArgumentException("line " + line + ": a field of more than " + MAX_FIELD_CHARS + " characters");
        }
        text.append((char) character);
    }
}
