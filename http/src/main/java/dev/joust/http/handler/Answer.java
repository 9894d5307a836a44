// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.joust.http.json.JsonBody;

/// What a request gets.
///
/// @param headers beside those that every answer has; `Cache-Control` is `no-store` where it is not among them
public record Answer(int status, Map<String, String> headers, AnswerBody body) {
    /// One JSON object per line.
    public static final String JSON_LINES = "application/x-ndjson";

    private static final AnswerBody NOTHING = new AnswerBody.Whole(new byte[0]);

    public static Answer json(int status, JsonBody body) {
        return whole(status, "application/json", body.toBytes());
    }

    public static Answer whole(int status, String contentType, byte[] body) {
        return new Answer(status, Map.of("Content-Type", contentType), new AnswerBody.Whole(body));
    }

    public static Answer streamed(String contentType, AnswerBody.Writer writer) {
        return new Answer(200, Map.of("Content-Type", contentType), new AnswerBody.Streamed(writer));
    }

    /// 204.
    public static Answer nothing() {
        return new Answer(204, Map.of(), NOTHING);
    }

    /// 304: what the caller has is still right. To be given the tag and caching of the answer it stands for.
    public static Answer notModified() {
        return new Answer(304, Map.of(), NOTHING);
    }

    /// This answer, to be kept by the caller.
    ///
    /// @param etag quoted as on the wire
    public Answer tagged(String etag, Caching caching) {
        return with("ETag", etag).with("Cache-Control", caching.header());
    }

    public Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, Map.copyOf(more), body);
    }
}
