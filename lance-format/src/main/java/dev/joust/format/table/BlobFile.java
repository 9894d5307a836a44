// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;

/// One blob as a file that cannot be written: it reads what it is asked for and nothing else, each read one request of
/// as many bytes. Who reads many small pieces puts a buffer before it. Holds no resource; not thread-safe.
public interface BlobFile extends SeekableByteChannel {
    /// Bytes; known without a request but of external blobs that are whole files.
    @Override
    long size() throws IOException;

    /// Bytes `[offset, offset + length)`. The position stays.
    ///
    /// @throws IndexOutOfBoundsException if the blob is shorter
    byte[] readRange(long offset, int length) throws IOException;

    /// The bytes from the position to the end, read as they are asked for. Closing the stream closes the blob.
    default InputStream inputStream() {
        return Channels.newInputStream(this);
    }
}
