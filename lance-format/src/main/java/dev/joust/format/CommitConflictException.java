// SPDX-License-Identifier: Apache-2.0
package dev.joust.format;

/// A commit lost against another writer's and could not be rebased over it. The message names both operations and
/// the version that won. Nothing of the losing change is visible in the table.
public final class CommitConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    /// @param retryable as {@link #retryable()}
    public CommitConflictException(String message, boolean retryable) {
        super(message);
        this.retryable = retryable;
    }

    /// Whether doing the same thing again from the latest version may succeed. If not, the other writer's change
    /// left nothing that this one could be applied to (the table was replaced, say).
    public boolean retryable() {
        return retryable;
    }
}
