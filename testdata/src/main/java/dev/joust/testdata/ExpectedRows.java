// SPDX-License-Identifier: Apache-2.0
package dev.joust.testdata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;

/// The rows of an Arrow file that holds one record batch. Owns its memory; not thread-safe.
public final class ExpectedRows implements AutoCloseable {
    private final BufferAllocator allocator;
    private final ArrowFileReader reader;
    private final VectorSchemaRoot root;

    private ExpectedRows(BufferAllocator allocator, ArrowFileReader reader, VectorSchemaRoot root) {
        this.allocator = allocator;
        this.reader = reader;
        this.root = root;
    }

    /// Reads the file whole.
    public static ExpectedRows open(Path file) {
        BufferAllocator allocator = new RootAllocator();
        try {
            ArrowFileReader reader = new ArrowFileReader(Files.newByteChannel(file), allocator);
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            if (!reader.loadNextBatch() || reader.getRecordBlocks().size() != 1) {
                throw new IllegalStateException(file + " holds " + reader.getRecordBlocks().size() + " batches, not one");
            }
            return new ExpectedRows(allocator, reader, root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Every row; valid until close.
    public VectorSchemaRoot root() {
        return root;
    }

    /// What dictionary columns of {@link #root} are indices into.
    public DictionaryProvider dictionaries() {
        return reader;
    }

    @Override
    public void close() {
        try (allocator) {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
