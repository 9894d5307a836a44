// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Predicate;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.schema.Schema;
import dev.joust.io.Session;

/// A kind of files that hold rows, read and written by a module beside the chain (`interop-parquet`). Found by
/// {@link ServiceLoader}; thread-safe.
public interface RowFormat {
    /// What it is called, in lower case: `parquet`.
    String name();

    /// How its files end, in lower case, without the dot.
    Set<String> endings();

    /// The rows of a file on disk.
    ///
    /// @param session whose memory, threads and budgets are used; outlives the reader
    /// @throws dev.joust.format.CorruptFileException      if the file is damaged
    /// @throws dev.joust.format.UnsupportedFormatException if it holds what is not read
    Rows read(Path file, Session session) throws IOException;

    /// Writes rows as a file.
    ///
    /// @param out    left open
    /// @param schema of the batches to come
    /// @throws IllegalArgumentException naming a column that the format has no type for
    Writer write(OutputStream out, Schema schema) throws IOException;

    /// The rows of one file.
    interface Rows extends BatchReader {
        /// How many there are in all.
        long rowCount();
    }

    /// Takes batches of one schema. Not thread-safe.
    interface Writer extends AutoCloseable {
        /// Writes the rows of a batch, which stays the caller's.
        void write(Batch batch) throws IOException;

        /// Writes what belongs after the last row. Call it once.
        void finish() throws IOException;

        /// Releases what the writer holds. Without {@link #finish} before it, what was written is no whole file.
        @Override
        void close() throws IOException;
    }

    /// The format of that name, if its module is on the class path.
    static Optional<RowFormat> named(String name) {
        return first(format -> format.name().equals(name));
    }

    /// The format of files that end so, if its module is on the class path.
    static Optional<RowFormat> ofEnding(String ending) {
        return first(format -> format.endings().contains(ending.toLowerCase(Locale.ROOT)));
    }

    private static Optional<RowFormat> first(Predicate<RowFormat> wanted) {
        return ServiceLoader.load(RowFormat.class, RowFormat.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(wanted)
                .findFirst();
    }
}
