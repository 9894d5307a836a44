// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;

/// A store that can't decide between two writers, and was not to be written to without that.
public final class UnsafeStoreException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param found where, and what the service does
    UnsafeStoreException(String found) {
        super(found + ". Of two writers that commit at the same time both would be told that it worked, and the rows of one "
                + "would be lost without an error; nothing was written. Use a service with conditional puts (If-None-Match), or, "
                + "where there is never more than one writer, --unsafe-commit (storage option unsafe_commit=true)");
    }
}
