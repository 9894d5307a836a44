// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.repdef.PageLevels;
import dev.joust.format.internal.encoding.repdef.RepDefUnraveler;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.internal.encoding.sink.PackedStructSink;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.io.ByteRange;

/// A page of descriptors of blobs that lie elsewhere in the file (spec: file format 3.5). Its inner page knows no nulls:
/// a descriptor of size 0 that has a position is a null, and the position its levels.
///
///     descriptor: u64 position, u64 size        levels: position = definition << 16 | repetition
final class BlobPageReader implements PageReader {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PageReader descriptors;
    private final PageLevels levels;

    /// @param levels without lists
    BlobPageReader(PageReader descriptors, PageLevels levels) {
        this.descriptors = descriptors;
        this.levels = levels;
    }

    @Override
    public long stateBytes() {
        return 64 + descriptors.stateBytes();
    }

    @Override
    public PageRead plan(RowRanges rows) {
        return new Read(descriptors.plan(rows), Math.toIntExact(rows.rowCount()));
    }

    private final class Read implements PageRead {
        private final PageRead stored;
        private final int rowCount;

        Read(PageRead stored, int rowCount) {
            this.stored = stored;
            this.rowCount = rowCount;
        }

        @Override
        public List<ByteRange> ranges() {
            return stored.ranges();
        }

        @Override
        public void decode(List<MemorySegment> bytes, DecodeContext context, LeafSink sink) {
            LeafSink raw = new LeafSink(new TaskMemory(context), context, ValueShape.blobDescriptor(), rowCount);
            stored.decode(bytes, context, raw);
            MemorySegment positions = field((PackedStructSink) raw.values(), 0).filled();
            MemorySegment sizes = field((PackedStructSink) raw.values(), 1).filled();
            MemorySegment definition = context.temporary().allocate(2L * Math.max(1, rowCount), 8);
            for (int row = 0; row < rowCount; row++) {
                long position = positions.get(LONG, 8L * row);
                int level = 0;
                if (sizes.get(LONG, 8L * row) == 0 && position != 0) {
                    level = (int) (position >>> 16);
                    if (level == 0 || position >>> 16 > levels.maxDefinition() || (position & 0xFFFF) != 0) {
                        throw context.corrupt("blob " + row + " of this read is null with levels "
                                + Long.toUnsignedString(position, 16) + ", layers are " + levels.layers());
                    }
                    positions.set(LONG, 8L * row, 0);
                }
                definition.set(SHORT, 2L * row, (short) level);
            }
            if (levels.layers().size() == 1) {
                sink.appendDefinition(definition, 0, rowCount);
            } else {
                RepDefUnraveler unraveler = new RepDefUnraveler(context, levels);
                unraveler.open(null, definition, rowCount);
                unraveler.append(0, rowCount, sink);
            }
            PackedStructSink target = (PackedStructSink) sink.values();
            field(target, 0).append(positions, 0, rowCount);
            field(target, 1).append(sizes, 0, rowCount);
            target.advance(rowCount);
        }

        private static FixedWidthSink field(PackedStructSink sink, int index) {
            return (FixedWidthSink) Objects.requireNonNull(sink.field(index));
        }
    }

    /// Temporary memory of a task, as sinks want it; freed with the task.
    private record TaskMemory(DecodeContext context) implements BufferSource {
        @Override
        public MemorySegment allocate(long sizeBytes) {
            return context.temporary().allocate(sizeBytes, 64);
        }

        @Override
        public void close() {}
    }
}
