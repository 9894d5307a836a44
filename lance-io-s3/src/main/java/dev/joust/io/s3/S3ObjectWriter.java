// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectWriter;

/// One object being uploaded: in one put while it is small, in parts beyond. All parts but the last are of one size, which
/// R2 insists on; only beyond 40 GiB they grow, so that no object needs more than the 10,000 parts that services allow.
final class S3ObjectWriter implements ObjectWriter {
    static final int PART_BYTES = 8 << 20;
    private static final int LATE_PART_BYTES = 512 << 20;
    private static final int EQUAL_PARTS = 5000;
    private static final int FIRST_BUFFER_BYTES = 64 << 10;

    private final S3Connection connection;
    private final S3Address address;
    private final ObjectPath path;
    private final S3Writes writes;
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    private int bufferedBytes;
    private long position;
    private @Nullable MultipartUpload upload;
    private boolean open = true;

    S3ObjectWriter(S3Connection connection, S3Address address, ObjectPath path, S3Writes writes) {
        this.connection = connection;
        this.address = address;
        this.path = path;
        this.writes = writes;
    }

    @Override
    public void write(MemorySegment bytes) throws IOException {
        requireOpen();
        long doneBytes = 0;
        while (doneBytes < bytes.byteSize()) {
            int partBytes = upload == null || upload.partCount() < EQUAL_PARTS ? PART_BYTES : LATE_PART_BYTES;
            if (bufferedBytes == partBytes) {
                sendPart();
            }
            int count = (int) Math.min(partBytes - bufferedBytes, bytes.byteSize() - doneBytes);
            if (bufferedBytes + count > buffer.length) {
                buffer = Arrays.copyOf(
                        buffer, (int) Math.min(partBytes, Math.max(2L * buffer.length, (long) bufferedBytes + count)));
            }
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, doneBytes, buffer, bufferedBytes, count);
            bufferedBytes += count;
            doneBytes += count;
            position += count;
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void finish() throws IOException {
        finish(false);
    }

    /// @param ifAbsent only if there is no object of that name; for uploads in parts
    /// @return false if there is one
    boolean finish(boolean ifAbsent) throws IOException {
        requireOpen();
        MultipartUpload begun = upload;
        if (begun == null) {
            writes.put(path, buffer, bufferedBytes);
        } else {
            sendPart(); // there is at least a byte for a last one
            if (!begun.complete(ifAbsent)) {
                return false;
            }
        }
        open = false;
        upload = null;
        buffer = new byte[0];
        return true;
    }

    /// Drops the parts of an upload that was not finished, so that nobody pays for them.
    @Override
    public void close() {
        open = false;
        buffer = new byte[0];
        if (upload != null) {
            upload.abort();
            upload = null;
        }
    }

    private void sendPart() throws IOException {
        MultipartUpload begun = upload;
        if (begun == null) {
            begun = MultipartUpload.begin(connection, address, path);
            upload = begun;
        }
        byte[] part = buffer;
        int partBytes = bufferedBytes;
        buffer = new byte[Math.min(PART_BYTES, part.length)];
        bufferedBytes = 0;
        begun.add(part, partBytes);
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException(address.describe(path) + ": the writer is finished or closed");
        }
    }
}
