// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

/// A table of that name is there already.
public final class TableExistsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public TableExistsException(String message) {
        super(message);
    }
}
