// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;
import org.jspecify.annotations.Nullable;

import dev.joust.pictures.PictureHit;

/// `{"query": words, "results": [{"id", "path", "_distance"}]}`, nearest first.
///
/// @param query the words searched for; null where a picture was
public record SearchBody(@Nullable String query, List<PictureHit> results) implements JsonBody {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("query", query);
        json.writeArrayFieldStart("results");
        for (PictureHit hit : results) {
            json.writeStartObject();
            json.writeStringField("id", hit.id());
            json.writeStringField("path", hit.path());
            json.writeNumberField("_distance", hit.distance());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
