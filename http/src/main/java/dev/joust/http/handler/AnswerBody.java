// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.IOException;
import java.io.OutputStream;

/// What stands after an answer's headers.
public sealed interface AnswerBody {
    /// Bytes in memory; none for an answer without a body.
    record Whole(byte[] bytes) implements AnswerBody {}

    /// Bytes that are written while the request is worked on, perhaps while its own body is still coming in. Each
    /// write leaves at once. A write fails once the client has gone.
    record Streamed(Writer writer) implements AnswerBody {}

    /// Writes a body of unknown length.
    @FunctionalInterface
    interface Writer {
        /// @param out not to be closed
        void writeTo(OutputStream out) throws IOException;
    }
}
