// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

/// There is no tag, branch or version of that name.
public final class NoSuchRefException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public NoSuchRefException(String message) {
        super(message);
    }

    public NoSuchRefException(String message, Throwable cause) {
        super(message, cause);
    }
}
