// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;

/// `{"error": reason}`: every answer of 400 and above.
public record FailureBody(String error) implements JsonBody {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("error", error);
        json.writeEndObject();
    }
}
