// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.wrap;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectTail;
import dev.joust.io.ObjectWriter;
import dev.joust.io.ReadStats;
import dev.joust.io.internal.ReadRounds;
import dev.joust.io.internal.wrap.StoreRequest.Kind;

/// A store that fails, delays, cuts short, doubles or loses the answer of requests, as a plan says. For tests.
/// Thread-safe where the plan is.
public final class FaultyObjectStore implements ObjectStore, ReadRounds {
    private static final Fault NONE = new Fault.None();

    private final ObjectStore base;
    private final Function<StoreRequest, Fault> plan;
    private final AtomicLong requestCount = new AtomicLong();
    private final Map<Kind, Long> requestCountOfKind = new ConcurrentHashMap<>();

    /// @param plan what to do to each request; {@link #onNth} and {@link #share} make common ones
    public FaultyObjectStore(ObjectStore base, Function<StoreRequest, Fault> plan) {
        this.base = base;
        this.plan = plan;
    }

    /// A plan with one fault: at the `n`-th request of that kind, counted from 1.
    public static Function<StoreRequest, Fault> onNth(Kind kind, long n, Fault fault) {
        return request -> request.kind() == kind && request.numberOfKind() == n ? fault : NONE;
    }

    /// A plan that strikes a share of the requests of these kinds, the same ones for the same seed.
    ///
    /// @param share from 0 to 1
    public static Function<StoreRequest, Fault> share(long seed, double share, Set<Kind> kinds, Fault fault) {
        return request -> kinds.contains(request.kind())
                        && new SplittableRandom(seed * 0x9E3779B97F4A7C15L + request.number()).nextDouble() < share
                ? fault
                : NONE;
    }

    /// Requests seen so far.
    public long requestCount() {
        return requestCount.get();
    }

    @Override
    public URI root() {
        return base.root();
    }

    @Override
    public ObjectMeta head(ObjectPath path) throws IOException {
        return apply(Kind.HEAD, path, () -> base.head(path), sizeBytes -> {
            ObjectMeta meta = base.head(path);
            return new ObjectMeta(
                    path, Math.min(sizeBytes, meta.sizeBytes()), meta.lastModified(), meta.identity());
        });
    }

    @Override
    public void read(ObjectPath path, long offsetInFile, MemorySegment target) throws IOException {
        apply(
                Kind.READ,
                path,
                () -> {
                    base.read(path, offsetInFile, target);
                    return target;
                },
                sizeBytes -> {
                    long there = Math.clamp(sizeBytes - offsetInFile, 0, target.byteSize());
                    base.read(path, offsetInFile, target.asSlice(0, there));
                    if (there < target.byteSize()) {
                        throw new EOFException(path + " @ " + offsetInFile + ": " + target.byteSize()
                                + " bytes wanted, " + there + " there");
                    }
                    return target;
                });
    }

    @Override
    public ObjectTail readTail(ObjectPath path, int maxSizeBytes, SegmentAllocator allocator) throws IOException {
        return apply(Kind.READ, path, () -> base.readTail(path, maxSizeBytes, allocator), sizeBytes -> {
            long size = Math.min(sizeBytes, base.head(path).sizeBytes());
            MemorySegment tail = allocator.allocate(Math.min(maxSizeBytes, size));
            base.read(path, size - tail.byteSize(), tail);
            return new ObjectTail(size, tail);
        });
    }

    @Override
    public byte[] readAll(ObjectPath path, int maxSizeBytes) throws IOException {
        return apply(Kind.READ, path, () -> base.readAll(path, maxSizeBytes), sizeBytes -> {
            byte[] bytes = base.readAll(path, maxSizeBytes);
            return Arrays.copyOf(bytes, Math.min(sizeBytes, bytes.length));
        });
    }

    @Override
    public List<ObjectMeta> list(ObjectPath prefix) throws IOException {
        return apply(Kind.LIST, prefix, () -> base.list(prefix), null);
    }

    @Override
    public List<ObjectMeta> unfinished(ObjectPath folder) throws IOException {
        return base.unfinished(folder);
    }

    @Override
    public List<String> listNames(ObjectPath folder) throws IOException {
        return apply(Kind.LIST, folder, () -> base.listNames(folder), null);
    }

    @Override
    public Optional<ObjectMeta> firstObject(ObjectPath folder, Predicate<String> wanted) throws IOException {
        return apply(Kind.LIST, folder, () -> base.firstObject(folder, wanted), null);
    }

    @Override
    public void put(ObjectPath path, byte[] bytes) throws IOException {
        apply(
                Kind.PUT,
                path,
                () -> {
                    base.put(path, bytes);
                    return path;
                },
                sizeBytes -> {
                    base.put(path, Arrays.copyOf(bytes, Math.min(sizeBytes, bytes.length)));
                    throw injected("cut short", path);
                });
    }

    @Override
    public boolean putIfAbsent(ObjectPath path, byte[] bytes) throws IOException {
        return putNew(path, bytes).isPresent();
    }

    @Override
    public Optional<Made> putNew(ObjectPath path, byte[] bytes) throws IOException {
        return apply(Kind.PUT_IF_ABSENT, path, () -> base.putNew(path, bytes), sizeBytes -> {
            base.putIfAbsent(path, Arrays.copyOf(bytes, Math.min(sizeBytes, bytes.length)));
            throw injected("cut short", path);
        });
    }

    @Override
    public ObjectWriter create(ObjectPath path) throws IOException {
        return apply(Kind.CREATE, path, () -> new FaultyWriter(path, base.create(path)), null);
    }

    @Override
    public void delete(ObjectPath path) throws IOException {
        apply(
                Kind.DELETE,
                path,
                () -> {
                    base.delete(path);
                    return path;
                },
                null);
    }

    @Override
    public boolean isRemote() {
        return base.isRemote();
    }

    @Override
    public boolean listsInOrder() {
        return base.listsInOrder();
    }

    @Override
    public Optional<ObjectStore> sibling(String uriOrPath) {
        return base.sibling(uriOrPath);
    }

    @Override
    public ReadStats stats() {
        return base.stats();
    }

    @Override
    public void beginRound() {
        if (base instanceof ReadRounds rounds) {
            rounds.beginRound();
        }
    }

    @Override
    public void endRound() {
        if (base instanceof ReadRounds rounds) {
            rounds.endRound();
        }
    }

    @Override
    public void close() throws IOException {
        base.close();
    }

    @FunctionalInterface
    private interface Request<T> {
        T send() throws IOException;
    }

    @FunctionalInterface
    private interface TruncatedRequest<T> {
        T send(int sizeBytes) throws IOException;
    }

    private <T> T apply(Kind kind, ObjectPath path, Request<T> request, @Nullable TruncatedRequest<T> truncated)
            throws IOException {
        long numberOfKind = requestCountOfKind.merge(kind, 1L, Long::sum);
        Fault fault = plan.apply(new StoreRequest(requestCount.incrementAndGet(), numberOfKind, kind, path));
        return switch (fault) {
            case Fault.None none -> request.send();
            case Fault.Fail fail -> throw injected("failed", path);
            case Fault.LoseAnswer lost -> {
                request.send();
                throw injected("answer lost", path);
            }
            case Fault.Delay delay -> {
                sleep(delay, path);
                yield request.send();
            }
            case Fault.Truncate cut -> truncated == null ? request.send() : truncated.send(cut.sizeBytes());
            case Fault.Duplicate duplicate -> {
                request.send();
                yield request.send();
            }
        };
    }

    private static void sleep(Fault.Delay delay, ObjectPath path) throws IOException {
        try {
            Thread.sleep(delay.duration());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(path + ": interrupted");
        }
    }

    private static IOException injected(String what, ObjectPath path) {
        return new IOException("injected fault: " + path + ": " + what);
    }

    private final class FaultyWriter implements ObjectWriter {
        private final ObjectPath path;
        private final ObjectWriter writer;

        FaultyWriter(ObjectPath path, ObjectWriter writer) {
            this.path = path;
            this.writer = writer;
        }

        @Override
        public void write(MemorySegment bytes) throws IOException {
            writer.write(bytes);
        }

        @Override
        public long position() {
            return writer.position();
        }

        @Override
        public void finish() throws IOException {
            boolean[] finished = new boolean[1];
            apply(
                    Kind.FINISH,
                    path,
                    () -> {
                        if (!finished[0]) { // done twice is done once: the name is there already
                            writer.finish();
                            finished[0] = true;
                        }
                        return writer;
                    },
                    sizeBytes -> {
                        writer.finish();
                        put(sizeBytes);
                        throw injected("cut short", path);
                    });
        }

        private void put(int sizeBytes) throws IOException {
            byte[] bytes = base.readAll(path, Integer.MAX_VALUE);
            base.put(path, Arrays.copyOf(bytes, Math.min(sizeBytes, bytes.length)));
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }
}
