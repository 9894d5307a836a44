// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import dev.joust.format.CorruptFileException;
import dev.joust.io.ObjectPath;

/// Where a message was read, for what is said about a damaged one.
///
/// @param offsetInFile first byte of the message
public record MessageSource(ObjectPath file, long offsetInFile) {
    public CorruptFileException corrupt(String structure, String problem) {
        return new CorruptFileException(file, offsetInFile, structure, problem);
    }
}
