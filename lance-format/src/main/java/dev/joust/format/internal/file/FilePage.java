// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.util.List;

import dev.joust.format.internal.bytes.ByteSlice;

/// One page ready to go into a file.
///
/// @param length   as in {@link PageInfo}
/// @param firstRow as in {@link PageInfo}
/// @param encoding what the page's buffers are
public record FilePage(long length, long firstRow, EncodedMessage encoding, List<ByteSlice> buffers) {
    public FilePage {
        buffers = List.copyOf(buffers);
    }
}
