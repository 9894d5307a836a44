// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;
import org.jspecify.annotations.Nullable;

import dev.joust.pictures.PictureMetadata;

/// What is known of a picture, as fields of an object: null where it is not known.
///
///     "width", "height"   pixels                "taken_at"   "2026-01-31T12:00:00", the camera's own clock
///     "bytes"             of the picture        "camera"     maker and model
///     "format"            such as "jpeg"        "caption", "tags"
final class PictureFields {
    private PictureFields() {}

    static void write(PictureMetadata metadata, JsonGenerator json) throws IOException {
        writeNumber(json, "width", metadata.width());
        writeNumber(json, "height", metadata.height());
        writeNumber(json, "bytes", metadata.sizeBytes());
        json.writeStringField("format", metadata.format());
        json.writeStringField("taken_at", metadata.takenAt() == null ? null : metadata.takenAt().toString());
        json.writeStringField("camera", metadata.camera());
        json.writeStringField("caption", metadata.caption());
        json.writeArrayFieldStart("tags");
        for (String tag : metadata.tags()) {
            json.writeString(tag);
        }
        json.writeEndArray();
    }

    private static void writeNumber(JsonGenerator json, String name, @Nullable Number value)
            throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value.longValue());
        }
    }
}
