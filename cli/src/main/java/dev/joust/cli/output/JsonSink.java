// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/// Rows as JSON objects: an array of them, or one per line.
final class JsonSink implements RowSink {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator json;
    private final boolean asArray;

    JsonSink(OutputStream out, boolean asArray) throws IOException {
        this.json = JSON.createGenerator(out);
        this.asArray = asArray;
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
        json.setPrettyPrinter(new MinimalPrettyPrinter(""));
        if (asArray) {
            json.writeStartArray();
            json.writeRaw('\n');
        }
    }

    @Override
    public void write(VectorSchemaRoot rows) throws IOException {
        List<FieldVector> vectors = rows.getFieldVectors();
        CellWriter[] cells = vectors.stream().map(CellWriter::of).toArray(CellWriter[]::new);
        String[] names = vectors.stream().map(FieldVector::getName).toArray(String[]::new);
        for (int row = 0; row < rows.getRowCount(); row++) {
            json.writeStartObject();
            for (int column = 0; column < cells.length; column++) {
                json.writeFieldName(names[column]);
                cells[column].json(json, row);
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    @Override
    public void finish() throws IOException {
        if (asArray) {
            json.writeEndArray();
            json.writeRaw('\n');
        }
        json.flush();
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
