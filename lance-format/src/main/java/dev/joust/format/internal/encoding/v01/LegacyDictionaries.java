// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.sink.NullColumns;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.file.LegacyPage;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// The dictionaries of one file that were read so far, by field (spec: legacy format 5). The manifest has them too, for
/// all files of the table: the file's own are the same, and need no table. Thread-safe.
final class LegacyDictionaries {
    private final Session session;
    private final ObjectStore store;
    private final ObjectPath path;
    private final Map<Integer, ColumnBuffers> valuesByFieldId = new ConcurrentHashMap<>();
    private final AtomicLong stateBytes = new AtomicLong();

    private LegacyDictionaries(Session session, ObjectStore store, ObjectPath path) {
        this.session = session;
        this.store = store;
        this.path = path;
    }

    static LegacyDictionaries of(Session session, ObjectStore store, ObjectPath path) {
        LegacyDictionaries known = session.metadataCache().getIfPresent(store, path, LegacyDictionaries.class);
        return known == null ? new LegacyDictionaries(session, store, path) : known;
    }

    /// @param fieldId of the dictionary column, in the file
    ColumnBuffers values(LegacyFile file, int fieldId, LogicalType valueType) throws IOException {
        ColumnBuffers known = valuesByFieldId.get(fieldId);
        if (known != null && known.field().type().equals(valueType)) {
            return known;
        }
        Collected memory = new Collected();
        ColumnBuffers values = read(file, fieldId, Field.nullable("values", valueType), memory);
        valuesByFieldId.put(fieldId, values);
        session.metadataCache()
                .put(store, path, LegacyDictionaries.class, this, stateBytes.addAndGet(memory.sizeBytes.get() + 256));
        return values;
    }

    private static ColumnBuffers read(LegacyFile file, int fieldId, Field field, BufferSource memory)
            throws IOException {
        Optional<LegacyPage> found = file.metadata().dictionary(fieldId);
        if (found.isEmpty()) {
            return NullColumns.of(field, 0, memory);
        }
        LegacyPage page = found.get();
        PageSource pages = new PageSource() {
            @Override
            public LegacyPage page(int batch) {
                return page;
            }

            @Override
            public long endBefore(int batch) {
                return page.position();
            }
        };
        LegacyColumn column =
                switch (field.type()) {
                    case LogicalType.Utf8(boolean large) -> new VariableColumn(field, large ? 8 : 4, pages);
                    case LogicalType.Binary(boolean large) -> new VariableColumn(field, large ? 8 : 4, pages);
                    case LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Bool _, LogicalType.Decimal _,
                            LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _,
                            LogicalType.Timestamp _, LogicalType.Duration _ ->
                        FixedColumn.of(field, ValueShape.of(field), pages);
                    case LogicalType.Null _, LogicalType.Dictionary _, LogicalType.FixedSizeList _,
                            LogicalType.Struct _, LogicalType.List _, LogicalType.Map _, LogicalType.Json _,
                            LogicalType.BFloat16 _ ->
                        throw new UnsupportedFormatException(
                                "dictionary of " + field.type() + " in a file of version 0.1");
                };
        Fetch fetch = new Fetch(file.scheduler(), Arena.ofAuto());
        PageRows rows = column.open(0, 0, page.length(), fetch);
        fetch.run();
        DecodeContext context = new DecodeContext(file.metadata().path(), Arena.ofAuto());
        return column.decode(List.of(rows), rows.count(), context, memory);
    }

    /// Memory that the collector frees.
    private static final class Collected implements BufferSource {
        private final Arena arena = Arena.ofAuto();
        private final AtomicLong sizeBytes = new AtomicLong();

        @Override
        public MemorySegment allocate(long size) {
            sizeBytes.addAndGet(size);
            return arena.allocate(size, 64);
        }

        @Override
        public void close() {}
    }
}
