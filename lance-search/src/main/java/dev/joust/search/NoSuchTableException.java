// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

/// There is no table, or no version of it, by that name.
public final class NoSuchTableException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public NoSuchTableException(String message) {
        super(message);
    }
}
