// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

/// A `tokenizer.json` that is damaged or uses something not supported; the message names it.
public final class TokenizerException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public TokenizerException(String message) {
        super(message);
    }

    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
