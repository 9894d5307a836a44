// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.schema.Field;

/// The dictionary of one page: read when it is first wanted, remembered then. Thread-safe.
final class DictionaryItems {
    private final Field field;
    private final ValueShape shape;
    private final ValueReader reader;
    private final int count;
    private volatile @Nullable ColumnBuffers known;

    /// @param field of the items
    DictionaryItems(Field field, ValueShape shape, ValueReader reader, int count) {
        this.field = field;
        this.shape = shape;
        this.reader = reader;
        this.count = count;
    }

    Read read(ReadTask task) {
        return new Read(task);
    }

    /// Items under way, or there already.
    final class Read {
        private final ReadTask task;
        private final ValueReader.@Nullable ValueRead loading;

        private Read(ReadTask task) {
            this.task = task;
            this.loading = known == null ? reader.read(RowRanges.of(0, count), task) : null;
        }

        boolean askMore() {
            return loading != null && loading.askMore();
        }

        /// When all rounds are over.
        ColumnBuffers items() {
            ColumnBuffers items = known;
            if (items != null || loading == null) {
                return Objects.requireNonNull(items);
            }
            BufferSource memory = new CollectedMemory();
            ValueSink values = shape.newSink(memory, task.capacity(count, 64));
            ValiditySink validity = new ValiditySink(memory, task.capacity(count, 1));
            loading.appendTo(values, validity);
            items = values.finish(field, count, validity.nullCount(), validity.bitmap());
            known = items;
            return items;
        }
    }
}
