// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import dev.joust.cli.command.Commands;
import dev.joust.cli.command.Context;

/// `joust`: looks into Lance tables, changes them, and serves pictures.
public final class Main {
    private static final String VERSION_TEXT = "joust " + version();

    private Main() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int exit = run(args, System.in, out, err);
        out.flush();
        // Not exit(): the JDK would start its logging to report it, which takes longer than many a command
        Runtime.getRuntime().halt(exit);
    }

    /// Runs one command.
    ///
    /// @return 0 done, 1 the operation failed, 2 the arguments are wrong, 3 the environment is
    public static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        Context context = new Context(in, out, err);
        CommandLine root = new CommandLine(new Root());
        root.getCommandSpec().version(VERSION_TEXT);
        Commands.addTo(root, context, args.length == 0 ? "" : args[0]);
        Failures failures = new Failures(err, List.of(args).contains("--debug"));
        root.setOut(new java.io.PrintWriter(out, true, StandardCharsets.UTF_8));
        root.setErr(new java.io.PrintWriter(err, true, StandardCharsets.UTF_8));
        root.setParameterExceptionHandler(failures);
        root.setExecutionExceptionHandler(failures);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setAbbreviatedOptionsAllowed(false);
        // @FILE is ours
        root.setExpandAtFiles(false);
        int exit = root.execute(args);
        out.flush();
        return exit == 0 && out.checkError() ? Failures.FAILED : exit;
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    @Command(
            name = "joust",
            description = "Lance tables and picture search, in pure Java.",
            synopsisSubcommandLabel = "COMMAND",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "A table is the folder that holds its _versions, often DIR/NAME.lance; URI@3 is its version 3.",
                "Exit: 0 done, 1 the operation failed, 2 the arguments are wrong, 3 the environment is.",
                "Example: joust info photos/images.lance"
            })
    private static final class Root implements Runnable {
        @CommandLine.Spec
        @SuppressWarnings("NullAway.Init")
        private CommandLine.Model.CommandSpec spec;

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "a command is needed");
        }
    }
}
