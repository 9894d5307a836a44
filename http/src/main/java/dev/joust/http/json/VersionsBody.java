// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.joust.format.table.VersionInfo;

/// `{"versions": [{"version", "timestamp", "rowCount", "operation"}]}`, in the order given.
public record VersionsBody(List<VersionInfo> versions) implements JsonBody {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("versions");
        for (VersionInfo version : versions) {
            json.writeStartObject();
            json.writeNumberField("version", version.version());
            json.writeStringField("timestamp", version.timestamp().toString());
            json.writeNumberField("rowCount", version.rowCount());
            json.writeStringField("operation", version.operation());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
