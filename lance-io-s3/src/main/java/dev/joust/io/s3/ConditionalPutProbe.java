// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

import dev.joust.io.ObjectPath;
import dev.joust.io.internal.StoreCounters;

/// Whether a service decides between two writers of one name, asked before the first write: a service that takes no notice
/// of `If-None-Match: *` answers as if all were well, and a table on it loses rows. Amazon's is known to decide; others are
/// asked, by two puts and a delete of an object of our own below the root. A good answer is remembered per root as long as
/// the process lives. Thread-safe.
final class ConditionalPutProbe {
    private static final Logger LOG = System.getLogger(ConditionalPutProbe.class.getName());
    private static final int MOST_REMEMBERED = 10_000;
    private static final int OK = 200;
    private static final Set<String> SAFE_ROOTS = ConcurrentHashMap.newKeySet();
    private static final byte[] CONTENT = "joust asks whether a second put of this name is refused".getBytes(US_ASCII);

    private final S3Options options;
    private final S3Client client;
    private final Retries retries;
    private final StoreCounters counters;
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    ConditionalPutProbe(S3Options options, S3Client client, Retries retries, StoreCounters counters) {
        this.options = options;
        this.client = client;
        this.retries = retries;
        this.counters = counters;
    }

    /// What a service does with a conditional put.
    enum Answer {
        /// It refuses the second put of a name.
        DECIDES,
        /// It lets the second put replace the first.
        IGNORES,
        /// It refuses the first, too.
        REFUSES
    }

    /// Does nothing where writing is safe, or the user takes the risk.
    ///
    /// @throws UnsafeStoreException if it is not
    void requireSafe(S3Address address) throws IOException {
        if (options.unsafeCommit() || options.isAmazon()) {
            return;
        }
        String root = options.endpoint() + " " + address.bucket() + " " + address.prefix();
        if (SAFE_ROOTS.contains(root)) {
            return;
        }
        synchronized (locks.computeIfAbsent(root, _ -> new Object())) {
            if (SAFE_ROOTS.contains(root)) {
                return;
            }
            Answer answer = ask(address);
            if (answer != Answer.DECIDES) {
                throw new UnsafeStoreException(address.uri() + ": " + switch (answer) {
                    case DECIDES -> "";
                    case IGNORES -> "the service lets a second put of a name replace the first, although asked not to";
                    case REFUSES -> "the service knows no puts that depend on there being no such object";
                });
            }
            if (SAFE_ROOTS.size() >= MOST_REMEMBERED) {
                SAFE_ROOTS.clear();
            }
            SAFE_ROOTS.add(root);
        }
    }

    /// Asks the service itself: three requests, two where it refuses the first.
    Answer ask(S3Address address) throws IOException {
        ObjectPath path = ObjectPath.of(".joust-probe-" + UUID.randomUUID());
        try {
            if (put(address, path) == S3Failures.NOT_IMPLEMENTED) {
                return Answer.REFUSES;
            }
            // Where the answer to the first one was lost, it may have been refused the second time: as good an answer.
            return put(address, path) == S3Failures.PRECONDITION_FAILED ? Answer.DECIDES : Answer.IGNORES;
        } finally {
            delete(address, path);
        }
    }

    /// @return the status of the answer: made, refused because there is one, or refused because of the condition
    private int put(S3Address address, ObjectPath path) throws IOException {
        return retries.call("put", address.describe(path), path.value(), () -> {
            counters.put();
            try {
                client.putObject(
                        request -> request.bucket(address.bucket()).key(address.key(path)).ifNoneMatch("*"),
                        RequestBody.fromBytes(CONTENT));
                counters.wrote(CONTENT.length);
                return OK;
            } catch (S3Exception e) {
                return switch (e.statusCode()) {
                    case 304, S3Failures.PRECONDITION_FAILED -> S3Failures.PRECONDITION_FAILED;
                    case 400, S3Failures.NOT_IMPLEMENTED -> S3Failures.NOT_IMPLEMENTED;
                    default -> throw e;
                };
            }
        });
    }

    private void delete(S3Address address, ObjectPath path) {
        counters.delete();
        try {
            client.deleteObject(request -> request.bucket(address.bucket()).key(address.key(path)));
        } catch (SdkException e) {
            LOG.log(Level.DEBUG, "{0} is left behind", address.describe(path));
        }
    }
}
