// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.blob;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.encoding.FileRows;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// Reads a file's rows with blobs as bytes: the rows are read with descriptors first.
public final class BlobReading {
    private final FileProjection wanted;
    private final FileProjection stored;
    private final BlobFiles files;
    private final BufferSources sources;

    private BlobReading(FileProjection wanted, FileProjection stored, BlobFiles files, BufferSources sources) {
        this.wanted = wanted;
        this.stored = stored;
        this.files = files;
        this.sources = sources;
    }

    /// Null if the projection has no blob as bytes.
    public static @Nullable BlobReading of(
            FileRows rows, FileProjection projection, BlobFiles files, BufferSources sources) {
        if (rows.version() == FileVersion.V2_0) {
            return null; // reads bytes itself
        }
        List<Field> fields = BlobFields.withDescriptors(projection.fields(), rows.schema().fields());
        return fields == null
                ? null
                : new BlobReading(
                        projection, new FileProjection(fields, projection.columnIndexByFieldId()), files, sources);
    }

    /// Whether the projection has a blob as bytes.
    public static boolean readsBytes(FileRows rows, FileProjection projection) {
        return BlobFields.withDescriptors(projection.fields(), rows.schema().fields()) != null;
    }

    public BatchReader scan(FileRows rows, long startRow, long endRow, int batchRowCount) throws IOException {
        BatchReader descriptors = rows.scan(stored, startRow, endRow, batchRowCount, sources);
        BlobBytes bytes = new BlobBytes(files, sources);
        return new BatchReader() {
            @Override
            public Schema schema() {
                return new Schema(wanted.fields(), Map.of());
            }

            @Override
            public @Nullable Batch next() throws IOException {
                Batch batch = descriptors.next();
                return batch == null ? null : bytes.replace(batch, wanted.fields());
            }

            @Override
            public void close() throws IOException {
                descriptors.close();
            }
        };
    }

    public Batch take(FileRows rows, long[] rowNumbers) throws IOException {
        return new BlobBytes(files, sources).replace(rows.take(stored, rowNumbers, sources), wanted.fields());
    }
}
