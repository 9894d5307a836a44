// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;

/// All rows of one fragment, deleted ones included.
public final class PhysicalScan implements BatchReader {
    private final Schema schema;
    private final FragmentReader reader;
    private final FragmentReader.Rows rows;

    private PhysicalScan(Schema schema, FragmentReader reader, FragmentReader.Rows rows) {
        this.schema = schema;
        this.reader = reader;
        this.rows = rows;
    }

    public static PhysicalScan open(
            TableContext table,
            Manifest manifest,
            Fragment fragment,
            Schema columns,
            int batchRowCount,
            BufferSources memory)
            throws IOException {
        FragmentReader reader = new FragmentReader(table, manifest, fragment, memory);
        try {
            return new PhysicalScan(
                    columns,
                    reader,
                    reader.scan(columns.fields(), 0, fragment.physicalRowCount(), batchRowCount));
        } catch (IOException | RuntimeException | Error e) {
            reader.close();
            throw e;
        }
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public @Nullable Batch next() throws IOException {
        return rows.next();
    }

    @Override
    public void close() throws IOException {
        try (reader) {
            rows.close();
        }
    }
}
