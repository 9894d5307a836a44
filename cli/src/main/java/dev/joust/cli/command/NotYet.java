// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/// A command of the contract that this version does not have: says so, and exits with 2.
@Command(description = "Not available yet.")
final class NotYet implements Runnable {
    private final String name;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    boolean help;

    NotYet(String name) {
        this.name = name;
    }

    @Override
    public void run() {
        throw UsageException.notAvailable(arguments.isEmpty() ? name : name + " " + String.join(" ", arguments));
    }
}
