// SPDX-License-Identifier: Apache-2.0
package dev.joust.format;

import dev.joust.io.ObjectPath;

/// Damaged bytes: what a file holds contradicts itself or the format. The message names file, offset, structure,
/// what was expected and what was found: `data/a.lance @ 8192: MiniBlock chunk 3: needs 512 bytes, 40 remain`.
public final class CorruptFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CorruptFileException(String message) {
        super(message);
    }

    public CorruptFileException(String message, Throwable cause) {
        super(message, cause);
    }

    public CorruptFileException(ObjectPath file, long offsetInFile, String structure, String problem) {
        super(file + " @ " + offsetInFile + ": " + structure + ": " + problem);
    }
}
