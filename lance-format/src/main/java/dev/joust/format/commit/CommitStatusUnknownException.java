// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.io.IOException;

/// The store did not answer the write of the next version, nor the question whether it is there: the change may have
/// been committed or not. Files that it wrote are left alone. Who wants to know opens the table later and looks for
/// the transaction's uuid, which the message names.
public final class CommitStatusUnknownException extends IOException {
    private static final long serialVersionUID = 1L;

    public CommitStatusUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
