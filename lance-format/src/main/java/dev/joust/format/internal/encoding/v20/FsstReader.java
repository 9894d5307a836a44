// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.joust.format.internal.encoding.compress.FsstSymbolTable;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.GrowingSegment;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;

/// `fsst`: strings of codes for symbols, laid out as `binary` has them.
record FsstReader(BinaryReader codes, FsstSymbolTable table) implements ValueReader {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public ValueRead read(RowRanges values, ReadTask task) {
        BinaryReader.Read below = codes.read(values, task);
        return new ValueRead() {
            @Override
            public boolean askMore() {
                return below.askMore();
            }

            @Override
            public void appendTo(ValueSink sink, ValiditySink validity) {
                if (!table.isCoded()) {
                    below.appendTo(sink, validity);
                    return;
                }
                for (BinaryReader.Read.Run run : below.runs()) {
                    decode(task, run, (VariableSink) sink);
                    validity.append(run.valid(), 0, run.count());
                }
            }
        };
    }

    private void decode(ReadTask task, BinaryReader.Read.Run run, VariableSink sink) {
        MemorySegment coded = run.bytes().bytes();
        GrowingSegment target = sink.bytes();
        long start = 0;
        for (int i = 0; i < run.count(); i++) {
            long end = run.ends().get(LONG, 8L * i);
            target.reserve(FsstSymbolTable.roomFor(end - start));
            table.decode(task.context(), coded, start, end, target);
            sink.endValue();
            start = end;
        }
    }
}
