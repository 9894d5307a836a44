// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.util.List;

import dev.joust.format.internal.bytes.ByteSlice;

/// A page ready to be written: its layout and its buffers in the layout's order.
public record EncodedPage(PageLayout layout, List<ByteSlice> buffers) {
    public EncodedPage {
        buffers = List.copyOf(buffers);
    }

    /// Bytes of the buffers, not counting the padding between them.
    public long sizeBytes() {
        long total = 0;
        for (ByteSlice buffer : buffers) {
            total += buffer.length();
        }
        return total;
    }
}
