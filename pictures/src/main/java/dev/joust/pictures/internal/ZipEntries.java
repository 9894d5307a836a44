// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

import org.jspecify.annotations.Nullable;

/// The entries of a zip archive, one after the other. For one thread at a time.
public sealed interface ZipEntries extends AutoCloseable {
    /// The next entry; null after the last.
    ///
    /// @throws IllegalArgumentException of the JDK's, for a name that is no text
    @Nullable ZipEntry next() throws IOException;

    /// At most so many bytes of the entry that came last.
    byte[] read(int maxBytes) throws IOException;

    /// Bytes of the archive itself that were taken so far.
    long packedBytes();

    /// Whether what follows a damaged entry can still be found.
    boolean canPassOver();

    @Override
    void close() throws IOException;

    /// As a stream.
    ///
    /// @param in closed with it
    static ZipEntries of(InputStream in) {
        return new Streamed(in);
    }

    /// Of a file, by the directory at its end; as a stream, where it has none, as after a download that was cut short.
    static ZipEntries of(Path file) throws IOException {
        try {
            return new Indexed(file);
        } catch (ZipException e) {
            return new Streamed(Files.newInputStream(file));
        }
    }

    /// What an entry is called. Archives that do not say so hold names in whatever their maker spoke: all are read byte
    /// by byte, and as UTF-8 where that is what they are.
    static String name(ZipEntry entry) {
        String name = entry.getName();
        if (!StandardCharsets.ISO_8859_1.newEncoder().canEncode(name)) {
            return name;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return name;
        }
    }

    /// By what stands before each entry.
    final class Streamed implements ZipEntries {
        private final Counting packed;
        private final ZipInputStream zip;

        private Streamed(InputStream in) {
            packed = new Counting(in);
            zip = new ZipInputStream(packed, StandardCharsets.ISO_8859_1);
        }

        @Override
        public @Nullable ZipEntry next() throws IOException {
            return zip.getNextEntry();
        }

        @Override
        public byte[] read(int maxBytes) throws IOException {
            return zip.readNBytes(maxBytes);
        }

        @Override
        public long packedBytes() {
            return packed.count;
        }

        @Override
        public boolean canPassOver() {
            return false;
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }

    /// By the directory.
    final class Indexed implements ZipEntries {
        private final ZipFile zip;
        private final long fileBytes;
        private final Iterator<? extends ZipEntry> entries;
        private @Nullable ZipEntry current;
        private long packedBytes;

        private Indexed(Path file) throws IOException {
            fileBytes = Files.size(file);
            zip = new ZipFile(file.toFile(), StandardCharsets.ISO_8859_1);
            entries = zip.entries().asIterator();
        }

        @Override
        public @Nullable ZipEntry next() {
            current = entries.hasNext() ? entries.next() : null;
            return current;
        }

        @Override
        public byte[] read(int maxBytes) throws IOException {
            ZipEntry entry = Objects.requireNonNull(current);
            packedBytes += Math.max(0, entry.getCompressedSize());
            try (InputStream in = zip.getInputStream(entry)) {
                return in.readNBytes(maxBytes);
            }
        }

        /// Entries may lie on top of each other: no more than there is.
        @Override
        public long packedBytes() {
            return Math.min(packedBytes, fileBytes);
        }

        @Override
        public boolean canPassOver() {
            return true;
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }

    /// Counts what was taken out of the archive's own bytes.
    final class Counting extends FilterInputStream {
        private long count;

        private Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
