// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.joust.pictures.StoredPicture;

/// `{"id", "path", "status": "stored"|"exists", "version"}`: what became of an uploaded picture.
public record StoredBody(StoredPicture picture) implements JsonBody {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", picture.id());
        json.writeStringField("path", picture.path());
        json.writeStringField("status", picture.status().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("version", picture.version());
        json.writeEndObject();
    }
}
