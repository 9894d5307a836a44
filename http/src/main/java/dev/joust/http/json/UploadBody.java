// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;

/// `{"events": [...]}`: what happened to an upload, in one piece.
public record UploadBody(List<UploadEvent> events) implements JsonBody {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("events");
        for (UploadEvent event : events) {
            event.writeTo(json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
