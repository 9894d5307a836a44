// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;

import dev.joust.search.NoSuchTableException;

/// Reads and writes whose failures are unchecked from here up.
public final class Unchecked {
    private Unchecked() {}

    /// Work that reads or writes.
    @FunctionalInterface
    public interface Io<T> {
        T run() throws IOException;
    }

    public static <T> T io(Io<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Opens something whose absence is the caller's mistake.
    public static <T> T open(String what, Io<T> work) {
        try {
            return work.run();
        } catch (NoSuchFileException e) {
            NoSuchTableException missing = new NoSuchTableException(what + " is not there");
            missing.initCause(e);
            throw missing;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
