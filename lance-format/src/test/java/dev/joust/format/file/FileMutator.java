// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import java.util.List;
import java.util.Random;

import com.google.protobuf.InvalidProtocolBufferException;

/// Damages a data file: bytes anywhere, or one field of one message with everything around it intact.
public interface FileMutator {
    /// A mutator for files of the version of `original`.
    static FileMutator of(byte[] original, Random random) throws InvalidProtocolBufferException {
        int major = original[original.length - 8];
        int minor = original[original.length - 6];
        return major == 0 && minor <= 2
                ? new LegacyFileMutator(original, random)
                : new PagedFileMutator(original, random);
    }

    /// Where structures start and end: pages' buffers, messages, tables, footer.
    List<Integer> borders() throws InvalidProtocolBufferException;

    byte[] mutant() throws InvalidProtocolBufferException;
}
