// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

/// A body that writes itself as one JSON object. Floats are written as the shortest text that reads back the same.
public sealed interface JsonBody
        permits FailureBody, HealthBody, ListBody, PictureBody, SearchBody, StatsBody, StoredBody, UploadBody, UploadEvent,
                VersionsBody {
    JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

    /// Writes the whole object.
    void writeTo(JsonGenerator json) throws IOException;

    /// The object as UTF-8, with a line feed at the end.
    default byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            writeTo(json);
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
