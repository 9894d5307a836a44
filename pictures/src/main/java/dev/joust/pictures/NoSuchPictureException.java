// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

/// The library holds no picture of that id, in the version asked for.
public final class NoSuchPictureException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public NoSuchPictureException(String message) {
        super(message);
    }
}
