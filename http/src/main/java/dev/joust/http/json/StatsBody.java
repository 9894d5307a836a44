// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.joust.pictures.PictureStats;
import dev.joust.pictures.VectorColumnInfo;

/// `{"rowCount", "columnCount", "columns": {name: type}, "lastVectorDim", "tablePath", "indices": [name],
/// "version", "readOnly", "toyModel", "vectorColumns": [{"name", "of": "picture"|"caption", "dimension", "model",
/// "searchable"}]}`.
public record StatsBody(PictureStats stats, List<VectorColumnInfo> vectorColumns, boolean readOnly, boolean toyModel)
        implements JsonBody {
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
        json.writeArrayFieldStart("vectorColumns");
        for (VectorColumnInfo column : vectorColumns) {
            json.writeStartObject();
            json.writeStringField("name", column.name());
            json.writeStringField("of", column.source().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("dimension", column.dimension());
            json.writeStringField("model", column.model());
            json.writeBooleanField("searchable", column.isOpen());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
