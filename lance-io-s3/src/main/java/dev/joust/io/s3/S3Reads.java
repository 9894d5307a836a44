// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.AbortableInputStream;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectTail;

/// Gets of objects and of ranges of them. A body that ends early is gone on with from there, as long as the object is the
/// same; if it was replaced meanwhile, from the start. Thread-safe.
record S3Reads(S3Connection connection, S3Address address) {
    private static final int CHUNK_BYTES = 64 << 10;

    void read(ObjectPath path, long offsetInFile, MemorySegment target) throws IOException {
        Get get = new Get(path, "bytes=" + offsetInFile + "-" + (offsetInFile + target.byteSize() - 1), range -> {
            if (range.start() != offsetInFile) {
                throw ignoresRanges(path, range);
            }
            if (range.lengthBytes() < target.byteSize()) {
                throw pastEnd(path, offsetInFile, target.byteSize(), range.lengthBytes());
            }
            return target;
        });
        if (!get.run()) {
            throw pastEnd(path, offsetInFile, target.byteSize(), 0);
        }
    }

    ObjectTail readTail(ObjectPath path, int maxSizeBytes, SegmentAllocator allocator) throws IOException {
        Get get = new Get(path, "bytes=-" + maxSizeBytes, range -> {
            if (range.lengthBytes() > maxSizeBytes || range.start() + range.lengthBytes() != range.objectSizeBytes()) {
                throw ignoresRanges(path, range);
            }
            return allocator.allocate(range.lengthBytes()).asSlice(0, range.lengthBytes());
        });
        return get.run()
                ? new ObjectTail(get.objectSizeBytes, get.target)
                : new ObjectTail(0, allocator.allocate(0)); // a suffix of an empty object
    }

    byte[] readAll(ObjectPath path, int maxSizeBytes) throws IOException {
        byte[][] bytes = new byte[1][0];
        new Get(path, null, range -> {
            if (range.lengthBytes() > maxSizeBytes) {
                throw new IOException(path + ": " + range.lengthBytes() + " bytes, at most " + maxSizeBytes + " expected");
            }
            bytes[0] = new byte[(int) range.lengthBytes()];
            return MemorySegment.ofArray(bytes[0]);
        }).run();
        return bytes[0];
    }

    static EOFException pastEnd(ObjectPath path, long offsetInFile, long wantedBytes, long foundBytes) {
        return new EOFException(path + " @ " + offsetInFile + ": " + wantedBytes + " bytes wanted, " + foundBytes + " there");
    }

    private IOException ignoresRanges(ObjectPath path, ContentRange range) {
        return new IOException(address.describe(path) + ": the service ignores ranges: it answered with bytes " + range.start()
                + " to " + (range.start() + range.lengthBytes()) + " of " + range.objectSizeBytes());
    }

    /// Where the bytes of an answer are to go.
    @FunctionalInterface
    private interface Placing {
        /// @throws IOException if the answer is not what was asked for, and another would be no better
        MemorySegment place(ContentRange range) throws IOException;
    }

    /// One object or range, in as many attempts as it takes. For one thread.
    private final class Get {
        private final ObjectPath path;
        private final @Nullable String rangeHeader;
        private final Placing placing;
        private MemorySegment target = MemorySegment.NULL;
        private long startInFile;
        private long objectSizeBytes;
        private long doneBytes;
        /// Of the object that was begun with; null before, and where the service gives none.
        private @Nullable String eTag;
        private @Nullable IOException refusal;

        /// @param rangeHeader null for the whole object
        Get(ObjectPath path, @Nullable String rangeHeader, Placing placing) {
            this.path = path;
            this.rangeHeader = rangeHeader;
            this.placing = placing;
        }

        /// @return false if the object ends before the range begins
        boolean run() throws IOException {
            String where = address.describe(path);
            Retries.Run run = connection.retries().begin("get", where, path.value());
            while (true) {
                long before = doneBytes;
                try {
                    run.send(() -> {
                        attempt();
                        return path;
                    });
                    if (refusal != null) {
                        throw refusal;
                    }
                    if (doneBytes == target.byteSize()) {
                        return true;
                    }
                    throw new EOFException(where + ": the answer ended after " + doneBytes + " of " + target.byteSize() + " bytes");
                } catch (IOException | SdkException e) {
                    if (refusal != null) {
                        throw refusal;
                    }
                    int status = S3Failures.status(e);
                    boolean outOfRange = status == S3Failures.RANGE_NOT_SATISFIABLE;
                    if (eTag == null && outOfRange) {
                        return false;
                    }
                    if (eTag != null && (outOfRange || status == S3Failures.PRECONDITION_FAILED)) {
                        eTag = null;
                        run.failed(new IOException(where + ": replaced while it was read"));
                        continue;
                    }
                    if (doneBytes > before) {
                        run.progressed();
                    }
                    run.failed(e);
                }
            }
        }

        /// One request, and as much of its body as comes.
        private void attempt() throws IOException {
            connection.counters().get();
            boolean isResumed = eTag != null && doneBytes > 0;
            long position = startInFile + doneBytes;
            ReadRequests.Answer answer = isResumed
                    ? get("bytes=" + position + "-" + (startInFile + target.byteSize() - 1), eTag)
                    : get(rangeHeader, null);
            AbortableInputStream body = answer.body();
            boolean isRead = false;
            try {
                ContentRange range = ContentRange.of(address.describe(path), answer);
                if (isResumed) {
                    refusal = range.start() == position ? null : ignoresRanges(path, range);
                } else {
                    begin(range, answer.eTag());
                }
                if (refusal == null) {
                    fill(body);
                    isRead = startInFile + doneBytes == range.start() + range.lengthBytes();
                }
            } finally {
                if (isRead) {
                    body.close();
                } else {
                    body.abort(); // what is left is not worth waiting for
                }
            }
        }

        private ReadRequests.Answer get(@Nullable String range, @Nullable String ifMatch) {
            return connection.reads().get(address.bucket(), address.key(path), range, ifMatch);
        }

        private void begin(ContentRange range, @Nullable String newETag) {
            try {
                target = placing.place(range);
            } catch (IOException e) {
                refusal = e;
                return;
            }
            startInFile = range.start();
            objectSizeBytes = range.objectSizeBytes();
            doneBytes = 0;
            eTag = newETag;
        }

        private void fill(InputStream body) throws IOException {
            byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, target.byteSize() - doneBytes)];
            while (doneBytes < target.byteSize()) {
                int count = body.read(chunk, 0, (int) Math.min(chunk.length, target.byteSize() - doneBytes));
                if (count < 0) {
                    return;
                }
                MemorySegment.copy(chunk, 0, target, ValueLayout.JAVA_BYTE, doneBytes, count);
                doneBytes += count;
                connection.counters().read(count);
            }
        }
    }
}
