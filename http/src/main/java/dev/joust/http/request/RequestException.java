// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

/// The caller's mistake, with the status that names it and a reason that is shown to the caller.
public final class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /// @param status 400 to 499, or 503
    public RequestException(int status, String reason) {
        super(reason);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
