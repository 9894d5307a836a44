// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.batch.Batch;
import dev.joust.format.file.FileVersion;
import dev.joust.format.file.FileWriteOptions;
import dev.joust.format.file.LanceFileWriter;
import dev.joust.format.file.WrittenFile;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.WriteOptions;

/// Writes one data file under a new name below the table. Closed before it is finished, it leaves none. Not thread-safe.
public final class DataFileWriter implements AutoCloseable {
    private final String name;
    private final LanceFileWriter writer;

    private DataFileWriter(String name, LanceFileWriter writer) {
        this.name = name;
        this.writer = writer;
    }

    /// @param fileSchema fields of the table, with its ids
    public static DataFileWriter create(
            TableContext table, FileVersion version, WriteOptions options, Schema fileSchema) throws IOException {
        String name = TablePaths.newDataFileName();
        return new DataFileWriter(
                name,
                LanceFileWriter.create(
                        table.session(),
                        table.store(),
                        TablePaths.DATA.resolve(name),
                        fileSchema,
                        FileWriteOptions.DEFAULT
                                .withVersion(version)
                                .withPageSizeBytes(options.pageSizeBytes())
                                .withExternalBlobs(options.externalBlobs())));
    }

    public long rowCount() {
        return writer.rowCount();
    }

    public long sizeBytesSoFar() {
        return writer.sizeBytesSoFar();
    }

    /// Rows `[startRow, endRow)` of a batch under the file's fields, as {@link FragmentWriter#named} has it.
    public void write(Batch named, int startRow, int endRow) throws IOException {
        writer.write(named, startRow, endRow);
    }

    /// Ends the file.
    public DataFile finish() throws IOException {
        WrittenFile written = writer.finish();
        List<Integer> fieldIds = new ArrayList<>();
        List<Integer> columnIndices = new ArrayList<>();
        for (int i = 0; i < written.fieldIds().length; i++) {
            // From 2.1 on, structs and lists live in the columns of their leaves and are not listed.
            if (written.columnIndices()[i] >= 0) {
                fieldIds.add(written.fieldIds()[i]);
                columnIndices.add(written.columnIndices()[i]);
            }
        }
        return DataFile.of(
                name,
                fieldIds,
                columnIndices,
                written.version().manifestMajor(),
                written.version().manifestMinor(),
                written.sizeBytes());
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
