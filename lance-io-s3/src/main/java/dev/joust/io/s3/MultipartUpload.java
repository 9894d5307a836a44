// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;

import dev.joust.io.ObjectPath;

/// An object that is sent in parts, several at once: at most {@link #PARTS_AT_ONCE} of this upload, and as many of all
/// uploads as the connection permits, are in memory. Parts are added by one thread; nothing shows before
/// {@link #complete}, and {@link #abort} leaves nothing behind that is paid for.
final class MultipartUpload {
    private static final Logger LOG = System.getLogger(MultipartUpload.class.getName());
    private static final int PARTS_AT_ONCE = 4;

    private final S3Connection connection;
    private final S3Address address;
    private final ObjectPath path;
    private final String uploadId;
    private final Semaphore ownPermits = new Semaphore(PARTS_AT_ONCE);
    private final List<CompletedPart> parts = new ArrayList<>();
    private int startedCount;
    private long sizeBytes;
    private @Nullable Throwable failure;

    private MultipartUpload(S3Connection connection, S3Address address, ObjectPath path, String uploadId) {
        this.connection = connection;
        this.address = address;
        this.path = path;
        this.uploadId = uploadId;
    }

    static MultipartUpload begin(S3Connection connection, S3Address address, ObjectPath path) throws IOException {
        CreateMultipartUploadRequest.Builder request =
                CreateMultipartUploadRequest.builder().bucket(address.bucket()).key(address.key(path));
        S3Options.Encryption encryption = connection.options().encryption();
        if (encryption != null) {
            request.serverSideEncryption(encryption.algorithm()).ssekmsKeyId(encryption.kmsKeyId());
            request.bucketKeyEnabled(encryption.bucketKey() ? Boolean.TRUE : null);
        }
        String uploadId = connection.retries().call("upload", address.describe(path), path.value(), () -> {
            connection.counters().put();
            return connection.client().createMultipartUpload(request.build()).uploadId();
        });
        return new MultipartUpload(connection, address, path, uploadId);
    }

    int partCount() {
        return startedCount;
    }

    /// Sends a part in the background, once there is room. The bytes are the upload's from here on.
    void add(byte[] bytes, int lengthBytes) throws IOException {
        awaitRoom();
        int number = ++startedCount;
        sizeBytes += lengthBytes;
        try {
            throwFailure();
            Thread.ofVirtual().name("joust-upload-", number).start(() -> {
                try {
                    send(number, bytes, lengthBytes);
                } catch (Throwable e) { // an error too must reach the writer
                    fail(e);
                } finally {
                    release();
                }
            });
        } catch (IOException | RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    private void awaitRoom() throws InterruptedIOException {
        try {
            ownPermits.acquire();
            try {
                connection.uploadPermits().acquire();
            } catch (InterruptedException e) {
                ownPermits.release(); // else abort would wait for it for ever
                throw e;
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException(address.describe(path) + ": interrupted while it was written");
    }

    private void release() {
        connection.uploadPermits().release();
        ownPermits.release();
    }

    private void send(int number, byte[] bytes, int lengthBytes) throws IOException {
        String eTag = connection.retries().call("upload", address.describe(path), path.value(), () -> {
            connection.counters().put();
            String answer = connection.client()
                    .uploadPart(
                            request -> request.bucket(address.bucket())
                                    .key(address.key(path))
                                    .uploadId(uploadId)
                                    .partNumber(number),
                            S3Writes.body(bytes, lengthBytes))
                    .eTag();
            connection.counters().wrote(lengthBytes);
            return answer;
        });
        synchronized (parts) {
            parts.add(CompletedPart.builder().partNumber(number).eTag(eTag).build());
        }
    }

    private void fail(Throwable e) {
        synchronized (parts) {
            failure = failure == null ? e : failure;
        }
    }

    private void throwFailure() throws IOException {
        Throwable found;
        synchronized (parts) {
            found = failure;
        }
        switch (found) {
            case null -> {}
            case IOException e -> throw new IOException(e.getMessage(), e);
            case Throwable e -> throw new IOException(address.describe(path) + ": upload: " + e, e);
        }
    }

    /// Waits for the parts and makes the object of them.
    ///
    /// @param ifAbsent only if there is none of that name, which the service decides
    /// @return false if there is one
    boolean complete(boolean ifAbsent) throws IOException {
        awaitParts();
        throwFailure();
        List<CompletedPart> inOrder = new ArrayList<>(parts);
        inOrder.sort(Comparator.comparing(CompletedPart::partNumber));
        CompleteMultipartUploadRequest request = CompleteMultipartUploadRequest.builder()
                .bucket(address.bucket())
                .key(address.key(path))
                .uploadId(uploadId)
                .ifNoneMatch(ifAbsent ? "*" : null)
                .multipartUpload(upload -> upload.parts(inOrder))
                .build();
        String where = address.describe(path);
        Retries.Run run = connection.retries().begin("upload", where, path.value());
        while (true) {
            try {
                run.send(() -> {
                    connection.counters().put();
                    return connection.client().completeMultipartUpload(request);
                });
                return true;
            } catch (SdkException e) {
                int status = S3Failures.status(e);
                if (ifAbsent && status == S3Failures.PRECONDITION_FAILED) {
                    return false;
                }
                // An attempt whose answer was lost has made the object: then there is no such upload any more.
                if (status == S3Failures.NOT_FOUND && run.failureCount() > 0 && isThere()) {
                    return true;
                }
                run.failed(e);
            }
        }
    }

    private boolean isThere() {
        connection.counters().head();
        try {
            return connection.client()
                            .headObject(request -> request.bucket(address.bucket()).key(address.key(path)))
                            .contentLength()
                    == sizeBytes;
        } catch (SdkException e) {
            return false;
        }
    }

    private void awaitParts() throws InterruptedIOException {
        try {
            ownPermits.acquire(PARTS_AT_ONCE);
            ownPermits.release(PARTS_AT_ONCE);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /// Drops what was sent. Parts under way are waited for: they would come to stay.
    void abort() {
        fail(new IOException(address.describe(path) + ": the upload was given up"));
        boolean wasInterrupted = Thread.interrupted(); // who is interrupted cleans up first
        ownPermits.acquireUninterruptibly(PARTS_AT_ONCE);
        ownPermits.release(PARTS_AT_ONCE);
        try {
            connection.retries().call("upload", address.describe(path), path.value(), () -> {
                connection.counters().delete();
                return connection.client()
                        .abortMultipartUpload(request ->
                                request.bucket(address.bucket()).key(address.key(path)).uploadId(uploadId));
            });
        } catch (java.nio.file.NoSuchFileException e) {
            LOG.log(Level.DEBUG, "{0}: the upload is gone already", address.describe(path));
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "{0}: parts of an unfinished upload are left behind", address.describe(path));
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
