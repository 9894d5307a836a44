// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/// Rows for people: aligned columns, numbers to the right, long texts and vectors shortened. Widths are settled by the
/// first rows; later ones that do not fit stick out.
final class TableSink implements RowSink {
    private static final int SETTLING_ROWS = 200;
    private static final int MAX_CELL_CHARS = 60;

    private final Writer out;
    private final List<Field> fields;
    private final List<String[]> waiting = new ArrayList<>();
    private int[] widths = {};

    TableSink(OutputStream out, Schema schema) {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
        this.fields = schema.getFields();
    }

    @Override
    public void write(VectorSchemaRoot rows) throws IOException {
        CellWriter[] cells = rows.getFieldVectors().stream().map(CellWriter::of).toArray(CellWriter[]::new);
        for (int row = 0; row < rows.getRowCount(); row++) {
            String[] line = new String[cells.length];
            for (int column = 0; column < cells.length; column++) {
                line[column] = cells[column].isNull(row) ? "null" : shorten(cells[column].shortText(row));
            }
            if (widths.length > 0) {
                line(line);
            } else {
                waiting.add(line);
                if (waiting.size() == SETTLING_ROWS) {
                    settle();
                }
            }
        }
    }

    /// One line, without control characters, which could take over a terminal.
    private static String shorten(String text) {
        String line = text.length() > MAX_CELL_CHARS ? text.substring(0, MAX_CELL_CHARS - 1) + "…" : text;
        return line.replaceAll("\\p{Cntrl}", "\ufffd");
    }

    private void settle() throws IOException {
        String[] names = fields.stream().map(field -> shorten(field.getName())).toArray(String[]::new);
        widths = new int[names.length];
        for (int column = 0; column < names.length; column++) {
            widths[column] = names[column].length();
            for (String[] line : waiting) {
                widths[column] = Math.max(widths[column], line[column].length());
            }
        }
        if (names.length > 0) {
            line(names);
            String[] rule = new String[names.length];
            for (int column = 0; column < names.length; column++) {
                rule[column] = "-".repeat(widths[column]);
            }
            line(rule);
        }
        for (String[] line : waiting) {
            line(line);
        }
        waiting.clear();
    }

    private void line(String[] cells) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < cells.length; column++) {
            int padding = Math.max(0, widths[column] - cells[column].length());
            if (column > 0) {
                text.append("  ");
            }
            if (isNumber(fields.get(column).getType())) {
                text.repeat(' ', padding).append(cells[column]);
            } else {
                text.append(cells[column]).repeat(' ', padding);
            }
        }
        out.write(text.toString().stripTrailing());
        out.write('\n');
    }

    private static boolean isNumber(ArrowType type) {
        return type instanceof ArrowType.Int || type instanceof ArrowType.FloatingPoint || type instanceof ArrowType.Decimal;
    }

    @Override
    public void finish() throws IOException {
        if (widths.length == 0) {
            settle();
        }
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
