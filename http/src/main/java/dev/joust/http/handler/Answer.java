// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import org.jspecify.annotations.Nullable;

import dev.joust.http.json.JsonBody;

/// What a request gets, whole in memory.
///
/// @param contentType null where there is no body
/// @param etag        quoted as on the wire; null where the body may change without notice
public record Answer(int status, @Nullable String contentType, @Nullable String etag, byte[] body) {
    private static final byte[] NOTHING = {};

    public static Answer json(int status, JsonBody body) {
        return new Answer(status, "application/json", null, body.toBytes());
    }

    public static Answer bytes(String contentType, String etag, byte[] body) {
        return new Answer(200, contentType, etag, body);
    }

    /// 204.
    public static Answer nothing() {
        return new Answer(204, null, null, NOTHING);
    }

    /// 304: what the caller has is still right.
    public static Answer notModified(String etag) {
        return new Answer(304, null, etag, NOTHING);
    }
}
