// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

/// A tag or branch of that name is there already, or can't go because others need it.
public final class RefConflictException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public RefConflictException(String message) {
        super(message);
    }
}
