// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;
import java.util.Map;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.joust.pictures.PictureStats;

/// `{"rowCount", "columnCount", "columns": {name: type}, "lastVectorDim", "tablePath", "indices": [name],
/// "version", "readOnly", "toyModel"}`.
public record StatsBody(PictureStats stats, boolean readOnly, boolean toyModel) implements JsonBody {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("rowCount", stats.rowCount());
        json.writeNumberField("columnCount", stats.columns().size());
        json.writeObjectFieldStart("columns");
        for (Map.Entry<String, String> column : stats.columns().entrySet()) {
            json.writeStringField(column.getKey(), column.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("lastVectorDim", stats.lastVectorDim());
        json.writeStringField("tablePath", stats.tablePath());
        json.writeArrayFieldStart("indices");
        for (String index : stats.indices()) {
            json.writeString(index);
        }
        json.writeEndArray();
        json.writeNumberField("version", stats.version());
        json.writeBooleanField("readOnly", readOnly);
        json.writeBooleanField("toyModel", toyModel);
        json.writeEndObject();
    }
}
