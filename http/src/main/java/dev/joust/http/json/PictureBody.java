// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.joust.pictures.Picture;

/// `{"id", "path", "width", ...}`: a picture with what is known of it ({@link PictureFields}).
public record PictureBody(Picture picture) implements JsonBody {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
        write(picture, json);
    }

    static void write(Picture picture, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", picture.id());
        json.writeStringField("path", picture.path());
        PictureFields.write(picture.metadata(), json);
        json.writeEndObject();
    }
}
