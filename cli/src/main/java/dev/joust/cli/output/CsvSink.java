// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/// Comma-separated values with a header line (RFC 4180, lines end in LF). Null is an empty field, an empty string is
/// `""`, nested values are JSON.
final class CsvSink implements RowSink {
    private final Writer out;

    CsvSink(OutputStream out, Schema schema) throws IOException {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
        List<Field> fields = schema.getFields();
        for (int column = 0; column < fields.size(); column++) {
            separate(column);
            field(fields.get(column).getName());
        }
        this.out.write('\n');
    }

    @Override
    public void write(VectorSchemaRoot rows) throws IOException {
        CellWriter[] cells = rows.getFieldVectors().stream().map(CellWriter::of).toArray(CellWriter[]::new);
        for (int row = 0; row < rows.getRowCount(); row++) {
            for (int column = 0; column < cells.length; column++) {
                separate(column);
                if (!cells[column].isNull(row)) {
                    field(cells[column].text(row));
                }
            }
            out.write('\n');
        }
    }

    private void separate(int column) throws IOException {
        if (column > 0) {
            out.write(',');
        }
    }

    private void field(String text) throws IOException {
        boolean bare = !text.isEmpty() && text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
        if (bare) {
            out.write(text);
        } else {
            out.write('"');
            out.write(text.replace("\"", "\"\""));
            out.write('"');
        }
    }

    @Override
    public void finish() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
