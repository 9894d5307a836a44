// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;

/// `{"status": "ok"}`, for whoever watches the server.
public record HealthBody(String status) implements JsonBody {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("status", status);
        json.writeEndObject();
    }
}
