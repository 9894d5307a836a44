// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/// Takes in the bytes of one part as they come: into memory, and, from the moment they begin like an archive, into a
/// temporary file. Used by one thread.
final class ContentSink implements AutoCloseable {
    /// How a zip begins, unless it is empty.
    private static final byte[] ARCHIVE_MAGIC = {'P', 'K', 3, 4};

    private final UploadLimits limits;
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable Path file;
    private @Nullable OutputStream fileOut;
    private long sizeBytes;
    private boolean isTooLong;

    ContentSink(UploadLimits limits) {
        this.limits = limits;
    }

    void write(byte[] bytes) throws IOException {
        boolean mayBeArchive = sizeBytes < ARCHIVE_MAGIC.length && limits.archiveBytes() > 0;
        sizeBytes += bytes.length;
        isTooLong |= sizeBytes > (file == null ? limits.fileBytes() : limits.archiveBytes());
        if (isTooLong) {
            memory.reset();
        } else if (fileOut != null) {
            fileOut.write(bytes);
        } else {
            memory.writeBytes(bytes);
            if (mayBeArchive && sizeBytes >= ARCHIVE_MAGIC.length) {
                turnToFileIfArchive();
            }
        }
    }

    private void turnToFileIfArchive() throws IOException {
        byte[] soFar = memory.toByteArray();
        if (Arrays.equals(soFar, 0, ARCHIVE_MAGIC.length, ARCHIVE_MAGIC, 0, ARCHIVE_MAGIC.length)) {
            file = Files.createTempFile("joust-upload-", ".zip");
            fileOut = Files.newOutputStream(file);
            fileOut.write(soFar);
            memory.reset();
        }
    }

    /// All that came; the caller's from here on.
    PartContent finish() throws IOException {
        if (isTooLong) {
            close();
            return new PartContent.TooLong(file == null ? limits.fileBytes() : limits.archiveBytes());
        }
        if (fileOut == null || file == null) {
            return new PartContent.InMemory(memory.toByteArray());
        }
        fileOut.close();
        fileOut = null;
        return new PartContent.Archived(file);
    }

    /// Deletes what was written of a part that was not finished.
    @Override
    public void close() throws IOException {
        if (fileOut != null && file != null) {
            fileOut.close();
            fileOut = null;
            Files.deleteIfExists(file);
        }
    }
}
