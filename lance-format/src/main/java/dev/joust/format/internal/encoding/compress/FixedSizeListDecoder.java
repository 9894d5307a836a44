// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;

import dev.joust.format.internal.encoding.sink.BitCopy;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.ValueSink;

/// Lists of one size: a validity bitmap of their items or none, then the items (spec: file format 4.9).
final class FixedSizeListDecoder implements MiniBlockDecoder {
    private final DecodeContext context;
    private final int dimension;
    private final boolean hasValidity;
    private final MiniBlockDecoder items;
    private MemorySegment validity = MemorySegment.NULL;

    FixedSizeListDecoder(DecodeContext context, int dimension, boolean hasValidity, MiniBlockDecoder items) {
        this.context = context;
        this.dimension = dimension;
        this.hasValidity = hasValidity;
        this.items = items;
    }

    @Override
    public int bufferCount() {
        return (hasValidity ? 1 : 0) + items.bufferCount();
    }

    @Override
    public void open(MemorySegment[] buffers, int firstBuffer, int valueCount) {
        long itemCount = (long) valueCount * dimension;
        if (itemCount > Integer.MAX_VALUE) {
            throw context.corrupt(valueCount + " lists of " + dimension + " items in one chunk");
        }
        if (hasValidity) {
            validity = buffers[firstBuffer];
            context.require(validity, BitCopy.byteCount(itemCount), "validity of " + itemCount + " items");
        }
        items.open(buffers, firstBuffer + (hasValidity ? 1 : 0), (int) itemCount);
    }

    @Override
    public void append(int from, int to, ValueSink sink) {
        FixedSizeListSink target = (FixedSizeListSink) sink;
        items.append(from * dimension, to * dimension, target.items());
        if (hasValidity) {
            target.itemValidity().append(validity, (long) from * dimension, (long) (to - from) * dimension);
        } else {
            target.itemValidity().appendValid((long) (to - from) * dimension);
        }
        target.advance(to - from);
    }
}
