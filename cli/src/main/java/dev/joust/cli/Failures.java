// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

import dev.joust.cli.command.EnvironmentException;
import dev.joust.cli.command.UsageException;
import dev.joust.format.batch.ArrowMemory;

/// Turns failures into an exit code and at most two lines on standard error (the JVM adds one about the Vector API in
/// some commands, and three are the limit); `--debug` adds the trace.
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    static final int FAILED = 1;
    static final int WRONG_ARGUMENTS = 2;
    static final int WRONG_ENVIRONMENT = 3;

    private static final int MAX_LINES = 2;
    private static final int MAX_LINE_CHARS = 400;

    private final PrintStream err;
    private final boolean debug;

    Failures(PrintStream err, boolean debug) {
        this.err = err;
        this.debug = debug;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        String name = failure.getCommandLine().getCommandSpec().qualifiedName();
        print(name + ": " + failure.getMessage(), List.of("Try " + name + " --help"));
        trace(failure);
        return WRONG_ARGUMENTS;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        String name = command.getCommandSpec().qualifiedName();
        print(name + ": " + message(failure), List.of());
        trace(failure);
        return switch (failure) {
            case UsageException _ -> WRONG_ARGUMENTS;
            case EnvironmentException _ -> WRONG_ENVIRONMENT;
            case IllegalStateException e when isMissingFlag(e) -> WRONG_ENVIRONMENT;
            default -> FAILED;
        };
    }

    /// Arrow's memory says which of its two flags the JVM was started without.
    private static boolean isMissingFlag(IllegalStateException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains(ArrowMemory.OPENS_FLAG) || message.contains(ArrowMemory.UNSAFE_FLAG);
    }

    private void print(String message, List<String> advice) {
        List<String> lines = message.lines().filter(line -> !line.isBlank()).toList();
        int room = MAX_LINES - advice.size();
        lines.stream().limit(room).map(Failures::shorten).forEach(err::println);
        advice.forEach(err::println);
        err.flush();
    }

    private static String shorten(String line) {
        return line.length() > MAX_LINE_CHARS ? line.substring(0, MAX_LINE_CHARS) + "…" : line;
    }

    private void trace(Exception failure) {
        if (debug) {
            failure.printStackTrace(err);
        }
    }

    /// What went wrong, in words; the names of Java's classes only where there is nothing better.
    private static String message(Throwable failure) {
        return switch (failure) {
            case UncheckedIOException e when e.getCause() != null -> message(e.getCause());
            case NoSuchFileException e -> "no such file: " + e.getMessage();
            case FileNotFoundException e -> "no such file: " + e.getMessage();
            case FileAlreadyExistsException e -> "exists already: " + e.getMessage();
            case AccessDeniedException e -> "access denied: " + e.getMessage();
            case IOException e when e.getMessage() != null -> e.getMessage();
            case Exception e when e.getMessage() != null && e.getClass().getName().startsWith("dev.joust.") -> e.getMessage();
            case IllegalArgumentException e when e.getMessage() != null -> e.getMessage();
            case IllegalStateException e when e.getMessage() != null -> e.getMessage();
            default -> failure.getClass().getSimpleName() + (failure.getMessage() == null ? "" : ": " + failure.getMessage());
        };
    }
}
