// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.wrap;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectTail;
import dev.joust.io.ObjectWriter;
import dev.joust.io.ReadStats;

/// Answers requests in rounds, so that what depends on what can be counted: a request waits until none has come for a
/// while, and then all that wait are answered together, as one round. What comes later needed an answer first, or might
/// as well have. Counts as a remote store. For tests, with a time that no thread that is about to ask is kept waiting;
/// thread-safe.
public final class RoundObjectStore implements ObjectStore {
    private final ObjectStore base;
    private final long quietNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();
    private final List<List<String>> rounds = new ArrayList<>();
    private List<String> waiting = new ArrayList<>();
    private long answeredRounds;
    private long lastArrivalNanos;

    /// @param quiet time without a request after which those that wait are answered
    public RoundObjectStore(ObjectStore base, Duration quiet) {
        this.base = base;
        this.quietNanos = quiet.toNanos();
    }

    /// What was asked, round by round, since the last call. Nothing may be under way.
    public List<List<String>> takeRounds() {
        lock.lock();
        try {
            List<List<String>> taken = List.copyOf(rounds);
            rounds.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void awaitRound(String request) throws IOException {
        lock.lock();
        try {
            long round = answeredRounds;
            waiting.add(request);
            lastArrivalNanos = System.nanoTime();
            while (round == answeredRounds) {
                long left = lastArrivalNanos + quietNanos - System.nanoTime();
                if (left <= 0) {
                    rounds.add(waiting);
                    waiting = new ArrayList<>();
                    answeredRounds++;
                    answered.signalAll();
                } else {
                    var _ = answered.awaitNanos(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a round");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public URI root() {
        return base.root();
    }

    @Override
    public ObjectMeta head(ObjectPath path) throws IOException {
        awaitRound("head " + path);
        return base.head(path);
    }

    @Override
    public void read(ObjectPath path, long offsetInFile, MemorySegment target) throws IOException {
        awaitRound("get " + path + " " + offsetInFile + "+" + target.byteSize());
        base.read(path, offsetInFile, target);
    }

    @Override
    public ObjectTail readTail(ObjectPath path, int maxSizeBytes, SegmentAllocator allocator) throws IOException {
        awaitRound("get " + path + " -" + maxSizeBytes);
        return base.readTail(path, maxSizeBytes, allocator);
    }

    @Override
    public byte[] readAll(ObjectPath path, int maxSizeBytes) throws IOException {
        awaitRound("get " + path);
        return base.readAll(path, maxSizeBytes);
    }

    @Override
    public List<ObjectMeta> list(ObjectPath prefix) throws IOException {
        awaitRound("list " + prefix);
        return base.list(prefix);
    }

    @Override
    public List<ObjectMeta> unfinished(ObjectPath folder) throws IOException {
        return base.unfinished(folder);
    }

    @Override
    public List<String> listNames(ObjectPath folder) throws IOException {
        awaitRound("list " + folder);
        return base.listNames(folder);
    }

    @Override
    public Optional<ObjectMeta> firstObject(ObjectPath folder, Predicate<String> wanted) throws IOException {
        awaitRound("list " + folder);
        return base.firstObject(folder, wanted);
    }

    @Override
    public void put(ObjectPath path, byte[] bytes) throws IOException {
        awaitRound("put " + path);
        base.put(path, bytes);
    }

    @Override
    public boolean putIfAbsent(ObjectPath path, byte[] bytes) throws IOException {
        return putNew(path, bytes).isPresent();
    }

    @Override
    public Optional<Made> putNew(ObjectPath path, byte[] bytes) throws IOException {
        awaitRound("put " + path);
        return base.putNew(path, bytes);
    }

    /// The writer's requests do not wait.
    @Override
    public ObjectWriter create(ObjectPath path) throws IOException {
        return base.create(path);
    }

    @Override
    public void delete(ObjectPath path) throws IOException {
        awaitRound("delete " + path);
        base.delete(path);
    }

    @Override
    public boolean listsInOrder() {
        return base.listsInOrder();
    }

    @Override
    public ReadStats stats() {
        return base.stats();
    }

    @Override
    public void close() throws IOException {
        base.close();
    }
}
