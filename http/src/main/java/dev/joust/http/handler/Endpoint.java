// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.IOException;

/// Answers one kind of request. Called from many virtual threads at once, and may block.
@FunctionalInterface
public interface Endpoint {
    /// @throws RequestException for what the caller did wrong
    Answer handle(Call call) throws IOException;
}
