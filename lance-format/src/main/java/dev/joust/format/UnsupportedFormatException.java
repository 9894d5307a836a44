// SPDX-License-Identifier: Apache-2.0
package dev.joust.format;

/// A sound file or table that uses something this version of Joust does not know: a file version, a feature flag,
/// an encoding, a type. The message names it and where it was met.
public final class UnsupportedFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedFormatException(String message) {
        super(message);
    }

    public UnsupportedFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
