// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.joust.pictures.Picture;
import dev.joust.pictures.PicturePage;

/// `{"version", "total", "offset", "pictures": [{"id", "path", ...}]}`.
public record ListBody(PicturePage page, int offset) implements JsonBody {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", page.version());
        json.writeNumberField("total", page.totalCount());
        json.writeNumberField("offset", offset);
        json.writeArrayFieldStart("pictures");
        for (Picture picture : page.pictures()) {
            PictureBody.write(picture, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
