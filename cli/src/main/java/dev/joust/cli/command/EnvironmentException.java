// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

/// Something around the command is missing or taken (a JVM flag, a port): exit 3.
public final class EnvironmentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EnvironmentException(String message) {
        super(message);
    }
}
