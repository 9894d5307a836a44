// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.encoding.v20.BufferRef;

/// The buffers of a page under way. Not thread-safe.
final class PageBuffers {
    private final List<ByteSlice> slices = new ArrayList<>();

    /// @return what names the buffer in the page's encodings
    BufferRef add(byte[] bytes, long length) {
        return add(new ByteSlice(bytes, 0, Math.toIntExact(length)));
    }

    BufferRef add(ByteSlice bytes) {
        slices.add(bytes);
        return new BufferRef(slices.size() - 1L, BufferRef.Place.PAGE);
    }

    List<ByteSlice> slices() {
        return slices;
    }
}
