// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;

/// Puts of whole objects, replacing or if absent. Thread-safe.
record S3Writes(S3Connection connection, S3Address address, S3Reads reads) {
    private static final int LARGE_BYTES = 64 << 20;

    void put(ObjectPath path, byte[] bytes) throws IOException {
        put(path, bytes, bytes.length);
    }

    /// @param lengthBytes of `bytes`, from its start; they may be reused afterwards
    void put(ObjectPath path, byte[] bytes, int lengthBytes) throws IOException {
        connection.probe().requireSafe(address);
        connection.retries().call("put", address.describe(path), path.value(), () -> send(path, bytes, lengthBytes, _ -> {}));
    }

    /// `PUT` with `If-None-Match: *`: the service decides. Where an answer was lost, or refused an attempt after one whose
    /// answer was lost, the object is read back: the bytes say whose it is.
    Optional<ObjectStore.Made> putIfAbsent(ObjectPath path, byte[] bytes) throws IOException {
        connection.probe().requireSafe(address);
        if (connection.options().unsafeCommit()) {
            return made(putIfNotSeen(path, bytes));
        }
        if (bytes.length > LARGE_BYTES && connection.options().isAmazon()) {
            return made(putInPartsIfAbsent(path, bytes)); // others may not decide for uploads in parts, even if they do for puts
        }
        String where = address.describe(path);
        Retries.Run run = connection.retries().begin("put", where, path.value());
        boolean mayHaveArrived = false;
        while (true) {
            try {
                return Optional.of(new ObjectStore.Made(
                        run.send(() -> send(path, bytes, bytes.length, request -> request.ifNoneMatch("*"))).eTag()));
            } catch (SdkException e) {
                int status = S3Failures.status(e);
                if (status == S3Failures.PRECONDITION_FAILED || status == 304) {
                    return made(mayHaveArrived && isThere(path, bytes));
                }
                // What was refused was not done; of a conflict of two puts under way (409) that holds, too
                boolean isAnswered = (status >= 400 && status < 500) || S3Failures.kindOf(e) == S3Failures.Kind.UNREACHABLE;
                mayHaveArrived |= !isAnswered;
                run.failed(e);
            }
        }
    }

    private static Optional<ObjectStore.Made> made(boolean won) {
        return won ? Optional.of(new ObjectStore.Made(null)) : Optional.empty();
    }

    boolean putInPartsIfAbsent(ObjectPath path, byte[] bytes) throws IOException {
        try (S3ObjectWriter writer = new S3ObjectWriter(connection, address, path, this)) {
            writer.write(MemorySegment.ofArray(bytes));
            return writer.finish(true) || isThere(path, bytes); // refused: by an attempt of our own whose answer was lost?
        }
    }

    /// For services that don't decide: wrong where two writers do this at once.
    private boolean putIfNotSeen(ObjectPath path, byte[] bytes) throws IOException {
        try {
            head(path);
            return false;
        } catch (NoSuchFileException e) {
            put(path, bytes);
            return isThere(path, bytes);
        }
    }

    private boolean isThere(ObjectPath path, byte[] bytes) throws IOException {
        return head(path).contentLength() == bytes.length && Arrays.equals(reads.readAll(path, bytes.length), bytes);
    }

    HeadObjectResponse head(ObjectPath path) throws IOException {
        String where = address.describe(path);
        return connection.retries().call("head", where, path.value(), () -> {
            connection.counters().head();
            HeadObjectResponse answer =
                    connection.client().headObject(request -> request.bucket(address.bucket()).key(address.key(path)));
            if (answer.contentLength() == null || answer.lastModified() == null) {
                throw new IOException(where + ": head: the answer does not say how long the object is, and since when");
            }
            return answer;
        });
    }

    private PutObjectResponse send(
            ObjectPath path, byte[] bytes, int lengthBytes, Consumer<PutObjectRequest.Builder> condition) {
        connection.counters().put();
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(address.bucket()).key(address.key(path));
        S3Options.Encryption encryption = connection.options().encryption();
        if (encryption != null) {
            request.serverSideEncryption(encryption.algorithm()).ssekmsKeyId(encryption.kmsKeyId());
            request.bucketKeyEnabled(encryption.bucketKey() ? Boolean.TRUE : null);
        }
        condition.accept(request);
        PutObjectResponse answer = connection.client().putObject(request.build(), body(bytes, lengthBytes));
        connection.counters().wrote(lengthBytes);
        return answer;
    }

    /// Bytes that need not be copied: they are sent before the call returns.
    static RequestBody body(byte[] bytes, int lengthBytes) {
        return RequestBody.fromContentProvider(
                () -> new java.io.ByteArrayInputStream(bytes, 0, lengthBytes), lengthBytes, "application/octet-stream");
    }
}
