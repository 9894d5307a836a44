// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/// What ended the work of another thread, told to the caller who waited for it.
public final class Failures {
    private Failures() {}

    /// Throws the failure as it is, so that the caller sees what it would have seen had it done the work itself; nothing
    /// for null.
    ///
    /// @throws IOException if the failure is one, or a checked exception of another kind (then its cause)
    public static void rethrow(@Nullable Throwable failure) throws IOException {
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IOException(e);
        }
    }
}
