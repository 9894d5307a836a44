// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

import dev.joust.io.ObjectWriter;
import dev.joust.io.internal.StoreCounters;

/// One object being uploaded: in one request while it is small, in parts of at least 8 MiB beyond, larger ones as it
/// grows so that no object needs more than the 10,000 parts a service allows.
final class S3ObjectWriter implements ObjectWriter {
    private static final int FIRST_PART_BYTES = 8 << 20;
    private static final int PARTS_PER_SIZE = 1000;

    private final S3Client client;
    private final StoreCounters counters;
    private final String bucket;
    private final String key;
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] buffer = new byte[64 << 10];
    private int buffered;
    private long position;
    private @Nullable String uploadId;
    private boolean open = true;

    S3ObjectWriter(S3Client client, StoreCounters counters, String bucket, String key) {
        this.client = client;
        this.counters = counters;
        this.bucket = bucket;
        this.key = key;
    }

    @Override
    public void write(MemorySegment bytes) throws IOException {
        requireOpen();
        long done = 0;
        while (done < bytes.byteSize()) {
            int partBytes = partBytes();
            int count = (int) Math.min(partBytes - buffered, bytes.byteSize() - done);
            if (buffered + count > buffer.length) {
                buffer = Arrays.copyOf(buffer, (int) Math.min(partBytes, Math.max(2L * buffer.length, buffered + count)));
            }
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, done, buffer, buffered, count);
            buffered += count;
            done += count;
            position += count;
            if (buffered == partBytes) {
                uploadPart();
            }
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void finish() throws IOException {
        requireOpen();
        try {
            if (uploadId == null) {
                counters.put();
                client.putObject(
                        request -> request.bucket(bucket).key(key),
                        RequestBody.fromBytes(Arrays.copyOf(buffer, buffered)));
                counters.wrote(buffered);
            } else {
                if (buffered > 0) {
                    uploadPart();
                }
                counters.put();
                client.completeMultipartUpload(request -> request.bucket(bucket)
                        .key(key)
                        .uploadId(uploadId)
                        .multipartUpload(upload -> upload.parts(parts)));
            }
        } catch (SdkException e) {
            throw new IOException("s3://" + bucket + "/" + key + ": upload: " + e.getMessage(), e);
        }
        open = false;
        uploadId = null;
    }

    /// Drops the parts of an upload that was not finished, so that nobody pays for them.
    @Override
    public void close() {
        open = false;
        if (uploadId != null) {
            try {
                counters.delete();
                client.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(uploadId));
            } catch (SdkException e) {
                System.getLogger(S3ObjectWriter.class.getName())
                        .log(System.Logger.Level.WARNING, "s3://" + bucket + "/" + key + ": parts of an unfinished upload are left");
            }
            uploadId = null;
        }
    }

    private int partBytes() {
        return (int) Math.min(512L << 20, (long) FIRST_PART_BYTES << (parts.size() / PARTS_PER_SIZE));
    }

    private void uploadPart() throws IOException {
        try {
            if (uploadId == null) {
                counters.put();
                uploadId = client.createMultipartUpload(request -> request.bucket(bucket).key(key)).uploadId();
            }
            int number = parts.size() + 1;
            counters.put();
            String eTag = client.uploadPart(
                            request -> request.bucket(bucket).key(key).uploadId(uploadId).partNumber(number),
                            RequestBody.fromBytes(Arrays.copyOf(buffer, buffered)))
                    .eTag();
            counters.wrote(buffered);
            parts.add(CompletedPart.builder().partNumber(number).eTag(eTag).build());
            buffered = 0;
        } catch (SdkException e) {
            throw new IOException("s3://" + bucket + "/" + key + ": upload: " + e.getMessage(), e);
        }
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("s3://" + bucket + "/" + key + ": the writer is finished or closed");
        }
    }
}
