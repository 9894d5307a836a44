// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;
import org.jspecify.annotations.Nullable;

import dev.joust.pictures.PictureHit;
import dev.joust.pictures.PictureResults;

/// `{"query": words, "results": [{"id", "path", "_distance", "width", ...}], "version", "offset", "took_ms"}`, nearest
/// first.
///
/// @param query      the words searched for; null where there were none
/// @param tookMillis for the search alone
public record SearchBody(@Nullable String query, PictureResults results, int offset, double tookMillis)
        implements JsonBody {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("query", query);
        json.writeArrayFieldStart("results");
        for (PictureHit hit : results.hits()) {
            json.writeStartObject();
            json.writeStringField("id", hit.id());
            json.writeStringField("path", hit.path());
            json.writeNumberField("_distance", hit.distance());
            PictureFields.write(hit.metadata(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("version", results.version());
        json.writeNumberField("offset", offset);
        json.writeNumberField("took_ms", Math.round(tookMillis * 1000) / 1000.0);
        json.writeEndObject();
    }
}
