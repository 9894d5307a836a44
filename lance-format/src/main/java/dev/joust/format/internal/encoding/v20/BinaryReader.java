// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;

/// `binary`: where each value ends among the page's bytes, 64 bits each; a null value has the end of the one before it
/// plus `nullAdjustment`. Ends come a round before bytes, unless the whole page is wanted.
///
/// @param ends of the values, without a 0 in front
record BinaryReader(ValueReader ends, PageBuffer bytes, long nullAdjustment, long valueCount)
        implements ValueReader {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public Read read(RowRanges values, ReadTask task) {
        return new Read(values, task);
    }

    /// The ends of values in front of those wanted as well: it is there that they start.
    static RowRanges withOneBefore(RowRanges values) {
        long[] starts = new long[values.count()];
        long[] ends = new long[values.count()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = Math.max(0, values.start(i) - 1);
            ends[i] = values.end(i);
        }
        return RowRanges.of(starts, ends);
    }

    /// Values under way. After the first round each range of values knows its bytes.
    final class Read implements ValueRead {
        private final RowRanges values;
        private final ReadTask task;
        private final ValueRead endsRead;
        private final PageBuffer.@Nullable Part allBytes;
        private final List<Run> runs = new ArrayList<>();
        private boolean resolved;

        private Read(RowRanges values, ReadTask task) {
            this.values = values;
            this.task = task;
            this.endsRead = ends.read(withOneBefore(values), task);
            boolean whole = values.count() == 1 && values.rowCount() == valueCount && bytes.compression() == null;
            this.allBytes = whole ? bytes.ask(task, 0, bytes.range().length()) : null;
        }

        /// Neighbouring values.
        ///
        /// @param ends  64 bits each, relative to the first byte of the run, ascending and not past its last
        /// @param valid 1 = valid
        record Run(int count, MemorySegment ends, MemorySegment valid, PageBuffer.Part bytes) {}

        @Override
        public boolean askMore() {
            if (resolved) {
                return false;
            }
            resolved = true;
            resolve();
            return true;
        }

        private void resolve() {
            long endCount = values.rowCount() + values.count();
            FixedWidthSink sink = new FixedWidthSink(task.context().temporary(), 8, task.capacity(endCount, 64));
            endsRead.appendTo(sink, new ValiditySink(task.context().temporary(), 0));
            MemorySegment all = sink.filled();
            long at = 0;
            for (int i = 0; i < values.count(); i++) {
                int count = Math.toIntExact(values.end(i) - values.start(i));
                long first = 0;
                if (values.start(i) > 0) {
                    first = position(all.get(LONG, at));
                    at += 8;
                }
                runs.add(run(all.asSlice(at, 8L * count), first, count));
                at += 8L * count;
            }
        }

        private boolean isNull(long end) {
            return Long.compareUnsigned(end, nullAdjustment) >= 0;
        }

        private long position(long end) {
            return isNull(end) ? end - nullAdjustment : end;
        }

        private Run run(MemorySegment rawEnds, long first, int count) {
            MemorySegment valid = task.context().temporary().allocate((count + 7L) >>> 3);
            long previous = first;
            int bits = 0;
            for (int i = 0; i < count; i++) {
                long raw = rawEnds.get(LONG, 8L * i);
                boolean isNull = isNull(raw);
                long end = isNull ? raw - nullAdjustment : raw;
                if (end < previous) {
                    throw task.context()
                            .corrupt("a string ends at byte " + Long.toUnsignedString(end) + ", the one before at "
                                    + previous);
                }
                previous = end;
                rawEnds.set(LONG, 8L * i, end - first);
                bits |= isNull ? 0 : 1 << (i & 7);
                if ((i & 7) == 7 || i == count - 1) {
                    valid.set(ValueLayout.JAVA_BYTE, i >>> 3, (byte) bits);
                    bits = 0;
                }
            }
            PageBuffer.Part part = allBytes == null ? bytes.ask(task, first, previous) : allBytes;
            if (allBytes != null && previous > bytes.range().length()) {
                throw task.context()
                        .corrupt("strings end at byte " + previous + " of " + bytes.range().length());
            }
            return new Run(count, rawEnds, valid, part);
        }

        List<Run> runs() {
            return runs;
        }

        @Override
        public void appendTo(ValueSink sink, ValiditySink validity) {
            for (Run run : runs) {
                ((VariableSink) sink).appendAdjacent(run.bytes().bytes(), 0, run.ends(), 0, 8, run.count());
                validity.append(run.valid(), 0, run.count());
            }
        }
    }
}
