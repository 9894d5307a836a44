// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;

/// Arrow IPC, as a file or a stream. A stream has a new dictionary wherever one changes; a file has one per column, so
/// what its batches bring is gathered, and written when the last is known.
final class ArrowSink implements RowSink {
    private final VectorSchemaRoot root;
    private final ArrowWriter writer;
    private final boolean asFile;
    private final MapDictionaryProvider dictionaries;
    private final Map<Long, GrowingDictionary> growing = new HashMap<>();

    ArrowSink(OutputStream out, RowSinks.RowType type, BufferAllocator allocator, boolean asFile) throws IOException {
        this.root = VectorSchemaRoot.create(type.schema(), allocator);
        this.asFile = asFile;
        this.dictionaries = type.dictionaries();
        for (long id : dictionaries.getDictionaryIds()) {
            growing.put(id, new GrowingDictionary(dictionaries.lookup(id).getVector()));
        }
        WritableByteChannel channel = Channels.newChannel(out);
        this.writer = asFile
                ? new DictionariesLast(root, dictionaries, channel)
                : new ArrowStreamWriter(root, dictionaries, channel);
        writer.start();
    }

    @Override
    public boolean keepsDictionaries() {
        return true;
    }

    @Override
    public void write(VectorSchemaRoot rows, DictionaryProvider ofRows) throws IOException {
        if (asFile) {
            rows.getFieldVectors().forEach(vector -> unify(vector, ofRows));
        } else {
            for (long id : growing.keySet()) {
                dictionaries.put(ofRows.lookup(id));
            }
        }
        write(rows);
    }

    private void unify(FieldVector vector, DictionaryProvider ofRows) {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding == null) {
            vector.getChildrenFromFields().forEach(child -> unify(child, ofRows));
            return;
        }
        int[] moved = Objects.requireNonNull(growing.get(encoding.getId()))
                .add(ofRows.lookup(encoding.getId()).getVector());
        BaseIntVector indices = (BaseIntVector) vector;
        int bits = encoding.getIndexType().getBitWidth() - (encoding.getIndexType().getIsSigned() ? 1 : 0);
        long limit = 1L << Math.min(62, bits);
        if (isIdentity(moved)) {
            return;
        }
        for (int row = 0; row < vector.getValueCount(); row++) {
            if (!vector.isNull(row)) {
                int from = (int) indices.getValueAsLong(row);
                if (moved[from] != from) {
                    if (moved[from] >= limit) {
                        throw new IllegalArgumentException("column '" + vector.getName() + "' has more than " + limit
                                + " different values over all its dictionaries, too many for one of its index type: "
                                + "write a stream (.arrows), which may have several");
                    }
                    indices.setWithPossibleTruncate(row, moved[from]);
                }
            }
        }
    }

    private static boolean isIdentity(int[] moved) {
        return IntStream.range(0, moved.length).allMatch(i -> moved[i] == i);
    }

    @Override
    public void write(VectorSchemaRoot rows) throws IOException {
        try (ArrowRecordBatch batch = new VectorUnloader(rows).getRecordBatch()) {
            new VectorLoader(root).load(batch);
        }
        writer.writeBatch();
        root.clear();
    }

    @Override
    public void finish() throws IOException {
        writer.end();
    }

    @Override
    public void close() {
        writer.close();
        root.close();
        growing.values().forEach(GrowingDictionary::close);
    }

    /// All values that the dictionaries of one column held so far, each once.
    private static final class GrowingDictionary {
        private final FieldVector values;
        private final Map<Object, Integer> indexByValue = new HashMap<>();

        GrowingDictionary(FieldVector values) {
            this.values = values;
        }

        /// Takes in a batch's dictionary.
        ///
        /// @return new index by old one
        int[] add(FieldVector more) {
            boolean isFirst = values.getValueCount() == 0;
            int[] moved = new int[more.getValueCount()];
            for (int i = 0; i < moved.length; i++) {
                Object key = key(more, i);
                Integer known = indexByValue.get(key);
                moved[i] = known != null ? known : values.getValueCount();
                if (known == null || isFirst) { // the first one stays as it is, values that it has twice as well
                    moved[i] = values.getValueCount();
                    values.copyFromSafe(i, moved[i], more);
                    values.setValueCount(moved[i] + 1);
                    indexByValue.putIfAbsent(key, moved[i]);
                }
            }
            return moved;
        }

        private static Object key(FieldVector vector, int index) {
            Object value = vector.getObject(index);
            return switch (value) {
                case null -> GrowingDictionary.class;
                case byte[] bytes -> ByteBuffer.wrap(bytes);
                default -> value;
            };
        }

        void close() {
            values.close();
        }
    }

    /// Writes dictionaries after the batches: the footer says where they are.
    private static final class DictionariesLast extends ArrowFileWriter {
        private final DictionaryProvider provider;
        private final Set<Long> ids;

        DictionariesLast(VectorSchemaRoot root, MapDictionaryProvider provider, WritableByteChannel out) {
            super(root, provider, out);
            this.provider = provider;
            this.ids = new HashSet<>(provider.getDictionaryIds());
        }

        @Override
        protected void ensureDictionariesWritten(DictionaryProvider dictionaries, Set<Long> used) {}

        @Override
        protected void endInternal(WriteChannel out) throws IOException {
            super.ensureDictionariesWritten(provider, ids);
            super.endInternal(out);
        }
    }
}
