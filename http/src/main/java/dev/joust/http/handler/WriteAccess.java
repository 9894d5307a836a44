// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import dev.joust.http.request.RequestException;

/// Whether anything may be stored, changed or deleted.
public record WriteAccess(boolean readOnly) {
    /// @throws RequestException (403) on a server that is read-only
    void check() {
        if (readOnly) {
            throw new RequestException(403, "this server is read-only");
        }
    }
}
