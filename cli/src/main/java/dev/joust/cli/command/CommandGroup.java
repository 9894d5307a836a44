// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A command that does nothing without the name of one below it.
abstract class CommandGroup implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    boolean help;

    @Override
    public final void run() {
        String names = String.join("' or '", spec.subcommands().keySet());
        throw new CommandLine.ParameterException(spec.commandLine(), "'" + names + "' is needed");
    }
}
