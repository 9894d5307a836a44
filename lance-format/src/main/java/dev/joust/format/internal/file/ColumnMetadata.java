// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.util.List;

import dev.joust.io.ByteRange;

/// One physical column of a file: its pages in row order (spec: file format 1.5).
///
/// @param encoding the column's own encoding; plain values everywhere but for blobs in 2.0
/// @param pages    in row order; none in a file without rows
/// @param buffers  buffers of the column as a whole; none in 2.1 and later
public record ColumnMetadata(EncodedMessage encoding, List<PageInfo> pages, List<ByteRange> buffers) {
    public ColumnMetadata {
        pages = List.copyOf(pages);
        buffers = List.copyOf(buffers);
    }
}
