// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.util.List;

import dev.joust.io.ByteRange;

/// Where one page of a column is and how it is encoded.
///
/// @param buffers  the page's buffers in the file
/// @param length   rows in the page; in 2.1+ times the dimensions of enclosing fixed-size lists of structs, in 2.0 the
///     column's own items
/// @param firstRow top-level row number of the first row; always 0 in 2.0 files
/// @param encoding the page's layout
public record PageInfo(List<ByteRange> buffers, long length, long firstRow, EncodedMessage encoding) {
    public PageInfo {
        buffers = List.copyOf(buffers);
    }
}
