// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.json;

import java.io.IOException;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonGenerator;
import org.jspecify.annotations.Nullable;

import dev.joust.pictures.BulkProgress;
import dev.joust.pictures.StoredPicture;

/// What happens to an upload, one line each.
public sealed interface UploadEvent extends JsonBody {
    /// `{"event": "picture", "index", "part", "file", "archive", "status": "stored"|"exists"|"refused", ...}`, with
    /// `"id", "path", "version"` or with `"error"`.
    ///
    /// @param index   number of the picture in the upload, from 0
    /// @param part    number of the form's file that it was or came in, from 0
    /// @param file    its name
    /// @param archive whether it came in a zip
    /// @param picture null where it was refused
    /// @param reason  why it was refused, null where it was not
    record Settled(
            int index,
            int part,
            String file,
            boolean archive,
            @Nullable StoredPicture picture,
            @Nullable String reason) implements UploadEvent {
        @Override
        public void writeTo(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("event", "picture");
            json.writeNumberField("index", index);
            json.writeNumberField("part", part);
            json.writeStringField("file", file);
            json.writeBooleanField("archive", archive);
            if (picture == null) {
                json.writeStringField("status", "refused");
                json.writeStringField("error", reason);
            } else {
                json.writeStringField("status", picture.status().name().toLowerCase(Locale.ROOT));
                json.writeStringField("id", picture.id());
                json.writeStringField("path", picture.path());
                json.writeNumberField("version", picture.version());
            }
            json.writeEndObject();
        }
    }

    /// `{"event": "progress"|"done", "stored", "exists", "refused", "version", "seconds", "pictures_per_second",
    /// "shares": {"reading", "decoding", "model", "storage"}}`.
    record Totals(boolean isLast, BulkProgress progress) implements UploadEvent {
        @Override
        public void writeTo(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("event", isLast ? "done" : "progress");
            json.writeNumberField("stored", progress.storedCount());
            json.writeNumberField("exists", progress.existsCount());
            json.writeNumberField("refused", progress.refusedCount());
            json.writeNumberField("version", progress.version());
            json.writeNumberField("seconds", rounded(progress.seconds()));
            json.writeNumberField("pictures_per_second", rounded(progress.picturesPerSecond()));
            json.writeObjectFieldStart("shares");
            json.writeNumberField("reading", rounded(progress.shares().reading()));
            json.writeNumberField("decoding", rounded(progress.shares().decoding()));
            json.writeNumberField("model", rounded(progress.shares().model()));
            json.writeNumberField("storage", rounded(progress.shares().storage()));
            json.writeEndObject();
            json.writeEndObject();
        }

        private static double rounded(double value) {
            return Math.round(value * 1000) / 1000.0;
        }
    }

    /// `{"event": "failed", "error"}`: what was not settled by then is not stored, or will be found stored when it is
    /// sent again.
    record Failed(String error) implements UploadEvent {
        @Override
        public void writeTo(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("event", "failed");
            json.writeStringField("error", error);
            json.writeEndObject();
        }
    }
}
