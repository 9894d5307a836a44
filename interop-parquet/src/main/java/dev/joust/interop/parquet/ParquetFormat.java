// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Set;

import dev.joust.format.schema.Schema;
import dev.joust.interop.parquet.internal.read.ParquetReader;
import dev.joust.interop.parquet.internal.write.ParquetWriter;
import dev.joust.io.Session;
import dev.joust.search.RowFormat;

/// Apache Parquet.
///
/// Read: every physical type and encoding, pages of both versions, compressed by Snappy, Zstandard, gzip and LZ4, all in
/// Java. Types come from the Arrow schema that Arrow's writers leave in the file (key `ARROW:schema`), else from
/// Parquet's own. Files that are encrypted, or whose columns lie in other files, are refused.
///
/// Written: pages of version 1, Snappy, dictionaries for strings, row groups of about 64 MiB, with the Arrow schema, so
/// that Arrow's readers see the types of the table again.
public final class ParquetFormat implements RowFormat {
    /// For {@link java.util.ServiceLoader}; as good as any other.
    public ParquetFormat() {}

    @Override
    public String name() {
        return "parquet";
    }

    @Override
    public Set<String> endings() {
        return Set.of("parquet", "pq");
    }

    @Override
    public Rows read(Path file, Session session) throws IOException {
        return ParquetReader.open(file, session);
    }

    @Override
    public Writer write(OutputStream out, Schema schema) throws IOException {
        return new ParquetWriter(out, schema);
    }
}
