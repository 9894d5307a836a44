// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.util.List;

import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

import dev.joust.io.ObjectPath;

/// Deletes of one object, or of a thousand at once where the service knows how. Thread-safe.
record S3Deletes(S3Connection connection, S3Address address) {
    private static final int MOST_AT_ONCE = 1000;

    void delete(ObjectPath path) throws IOException {
        connection.retries().call("delete", address.describe(path), path.value(), () -> {
            connection.counters().delete();
            return connection.client().deleteObject(request -> request.bucket(address.bucket()).key(address.key(path)));
        });
    }

    void deleteAll(List<ObjectPath> paths) throws IOException {
        for (int start = 0; start < paths.size(); start += MOST_AT_ONCE) {
            List<ObjectPath> some = paths.subList(start, Math.min(paths.size(), start + MOST_AT_ONCE));
            if (some.size() == 1 || !deleteAtOnce(some)) {
                for (ObjectPath path : some) {
                    delete(path);
                }
            }
        }
    }

    /// @return false if the service knows no batches
    private boolean deleteAtOnce(List<ObjectPath> paths) throws IOException {
        List<ObjectIdentifier> keys = paths.stream()
                .map(path -> ObjectIdentifier.builder().key(address.key(path)).build())
                .toList();
        String where = address.describe(paths.getFirst()) + " and " + (paths.size() - 1) + " more";
        return connection.retries().call("delete", where, paths.getFirst().value(), () -> {
            connection.counters().delete();
            DeleteObjectsResponse answer;
            try {
                answer = connection.client().deleteObjects(request -> request.bucket(address.bucket())
                        .delete(Delete.builder().objects(keys).quiet(true).build()));
            } catch (S3Exception e) {
                if (e.statusCode() == 400 || e.statusCode() == 405 || e.statusCode() == S3Failures.NOT_IMPLEMENTED) {
                    return false;
                }
                throw e;
            }
            for (S3Error error : answer.errors()) {
                if (!"NoSuchKey".equals(error.code())) {
                    throw new IOException("s3://" + address.bucket() + "/" + error.key() + ": delete: " + error.code());
                }
            }
            return true;
        });
    }
}
