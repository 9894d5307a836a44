// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

/// Arguments that are wrong in themselves, whatever the table holds: exit 2.
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }

    /// Something of the contract that this version does not have.
    static UsageException notAvailable(String what) {
        return new UsageException(what + ": not available yet");
    }
}
