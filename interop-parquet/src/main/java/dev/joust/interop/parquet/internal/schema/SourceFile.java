// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.schema;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;

/// The file being read, for errors.
///
/// @param name as the user gave it
public record SourceFile(String name) {
    /// Libraries print what they found in full.
    private static final int MOST_PROBLEM_CHARS = 200;

    /// What to throw for damaged bytes.
    public CorruptFileException corrupt(long offsetInFile, String structure, String problem) {
        String line = problem.replace('\n', ' ');
        String shown = line.length() > MOST_PROBLEM_CHARS ? line.substring(0, MOST_PROBLEM_CHARS) + "…" : line;
        return new CorruptFileException(name + " @ " + offsetInFile + ": " + structure + ": " + shown);
    }

    /// What to throw for something that is not read.
    public UnsupportedFormatException unsupported(String what) {
        return new UnsupportedFormatException(name + ": " + what + " is not supported");
    }
}
