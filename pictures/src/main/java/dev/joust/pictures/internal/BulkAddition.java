// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import dev.joust.io.Failures;
import dev.joust.pictures.BulkListener;
import dev.joust.pictures.BulkOptions;
import dev.joust.pictures.BulkProgress;
import dev.joust.pictures.PictureName;
import dev.joust.pictures.PictureSource;
import dev.joust.pictures.PictureUpload;
import dev.joust.pictures.StoredPicture;
import dev.joust.pictures.StoredPicture.Status;

/// Adds many pictures. Threads read, hash and decode; bytes and thumbnails are stored meanwhile, many at a time; the
/// caller's thread runs the model on batches; one more commits rows, of many pictures in a version. For one run.
public final class BulkAddition {
    /// Bytes and thumbnails on their way to the store at once.
    private static final int STORING_AT_ONCE = 32;
    /// Pictures that wait for the model, in batches of it.
    private static final int WAITING_BATCHES = 3;
    /// Rows are committed at least so often, so that what was interrupted was not in vain.
    private static final long COMMIT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long POLL_MILLIS = 100;
    private static final int MEMORY_UNIT_BYTES = 1 << 10;

    /// A picture that waits for its vectors.
    ///
    /// @param storage done when its bytes are stored; answers whether that has still to be looked at
    private record Waiting(
            String source, PictureName name, ReadPicture picture, CompletableFuture<Optional<Unsure>> storage) {}

    /// Bytes that were in the store before: a delete that was still under way may take them. They count as memory until
    /// the row is there.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Unsure(byte[] encoded, int memoryUnits) {}

    /// A picture that waits for its row.
    private record Embedded(Waiting waiting, PictureRow row) {}

    private final PictureAddition addition;
    private final ColumnModels models;
    private final PictureFiles files;
    private final PictureWriter writer;
    private final BulkOptions options;
    private final BulkReport report;

    private final BlockingQueue<Waiting> decoded;
    private final Semaphore storing = new Semaphore(STORING_AT_ONCE);
    private final Semaphore memory;
    private final int memoryUnits;
    /// Names of the sources whose bytes another one has, which is under way, by the picture's id.
    private final Map<String, List<String>> repeats = new ConcurrentHashMap<>();
    private final AtomicInteger readingThreads = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean ended;

    public BulkAddition(
            PictureAddition addition,
            ColumnModels models,
            PictureFiles files,
            PictureWriter writer,
            BulkOptions options,
            BulkListener listener) {
        this.addition = addition;
        this.models = models;
        this.files = files;
        this.writer = writer;
        this.options = options;
        report = new BulkReport(options.totalCount(), listener);
        decoded = new ArrayBlockingQueue<>(WAITING_BATCHES * models.main().pictureBatchCount());
        memoryUnits = (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(options.maxBytes(), MEMORY_UNIT_BYTES));
        memory = new Semaphore(memoryUnits);
    }

    /// Adds them all. A failure that is not one picture's ends it, after what was committed by then.
    public BulkProgress run(Iterator<? extends PictureSource> sources) throws IOException {
        int threadCount = options.threadCount() > 0 ? options.threadCount() : Runtime.getRuntime().availableProcessors();
        writer.latest();
        writer.catchUp();
        try (ExecutorService readers = Executors.newFixedThreadPool(
                        threadCount, Thread.ofPlatform().name("joust-bulk-", 0).daemon().factory());
                ExecutorService stores = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService commits = Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("joust-bulk-commit").daemon().factory())) {
            readingThreads.set(threadCount);
            for (int i = 0; i < threadCount; i++) {
                readers.execute(() -> readAll(sources, stores));
            }
            try {
                embedAll(commits);
            } catch (RuntimeException | Error e) {
                failed(e);
            } finally {
                ended = true; // readers stop where they are
                readers.shutdownNow();
            }
        }
        Failures.rethrow(failure.get());
        return report.ended();
    }

    private void failed(Throwable cause) {
        Throwable actual = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        failure.compareAndSet(null, actual);
        ended = true;
    }

    /// One of the threads that read.
    private void readAll(Iterator<? extends PictureSource> sources, ExecutorService stores) {
        try {
            while (!ended) {
                PictureSource source;
                synchronized (sources) {
                    if (!sources.hasNext()) {
                        return;
                    }
                    source = sources.next();
                }
                read(source, stores);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(new java.io.InterruptedIOException("interrupted while pictures were added"));
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
        } finally {
            readingThreads.decrementAndGet();
        }
    }

    private void read(PictureSource source, ExecutorService stores) throws IOException, InterruptedException {
        long start = System.nanoTime();
        PictureUpload upload;
        PictureName name;
        try {
            upload = source.read();
            PictureAddition.checkSize(upload.bytes().length);
            name = PictureName.of(upload.bytes());
        } catch (IllegalArgumentException | IOException e) {
            report.refused(source.name(), reason(e));
            return;
        } finally {
            report.readingTook(System.nanoTime() - start);
        }
        boolean isUnderWay = repeats.putIfAbsent(name.id(), List.of()) != null;
        if (isUnderWay && repeats.computeIfPresent(name.id(), (_, names) -> withName(names, source.name())) != null) {
            return;
        }
        if (writer.knows(name.id())) {
            files.storeIfMissing(name, upload.bytes());
            settle(source.name(), addition.stored(name, Status.EXISTS, writer.knownVersion()));
            return;
        }
        decode(source, upload, name, stores);
    }

    private static List<String> withName(List<String> names, String name) {
        List<String> more = new ArrayList<>(names);
        more.add(name);
        return more;
    }

    private void decode(PictureSource source, PictureUpload upload, PictureName name, ExecutorService stores)
            throws InterruptedException {
        long start = System.nanoTime();
        ReadPicture picture;
        try {
            picture = models.read(upload);
        } catch (IllegalArgumentException e) {
            List<String> others = repeats.remove(name.id());
            report.refused(source.name(), reason(e));
            if (others != null) {
                others.forEach(other -> report.refused(other, reason(e)));
            }
            return;
        } finally {
            report.decodingTook(System.nanoTime() - start);
        }
        int units = (int) Math.min(memoryUnits, Math.ceilDiv((long) upload.bytes().length, MEMORY_UNIT_BYTES));
        memory.acquire(units);
        storing.acquire();
        CompletableFuture<Optional<Unsure>> storage = CompletableFuture.supplyAsync(() -> {
            boolean isSure = true;
            try {
                isSure = store(name, upload.bytes(), picture.thumbnail());
            } catch (IOException e) {
                throw new CompletionException(e);
            } finally {
                storing.release();
                if (isSure) {
                    memory.release(units);
                }
            }
            return isSure ? Optional.empty() : Optional.of(new Unsure(upload.bytes(), units));
        }, stores);
        Waiting waiting = new Waiting(source.name(), name, picture.withoutThumbnail(), storage);
        while (!decoded.offer(waiting, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            if (ended) {
                return;
            }
        }
    }

    /// @return false if the bytes were there already
    private boolean store(PictureName name, byte[] encoded, byte[] thumbnail) throws IOException {
        long start = System.nanoTime();
        boolean stored = files.store(name, encoded);
        files.storeThumbnail(name, thumbnail);
        report.storingTook(System.nanoTime() - start);
        return stored;
    }

    /// Runs the model until nothing more comes, and hands rows on.
    private void embedAll(ExecutorService commits) {
        int batchCount = models.main().pictureBatchCount();
        List<Embedded> rows = new ArrayList<>();
        CompletableFuture<?> commit = CompletableFuture.completedFuture(null);
        long lastCommitNanos = System.nanoTime();
        while (failure.get() == null) {
            List<Waiting> batch = nextBatch(batchCount);
            if (!batch.isEmpty()) {
                rows.addAll(embed(batch));
            }
            boolean isLast = batch.isEmpty() && readingThreads.get() == 0 && decoded.isEmpty();
            boolean isDue = rows.size() >= options.commitCount()
                    || isLast || System.nanoTime() - lastCommitNanos >= COMMIT_INTERVAL_NANOS;
            if (!rows.isEmpty() && isDue) {
                commit.join(); // one at a time, and no more rows in memory than those of two
                List<Embedded> ready = rows;
                commit = CompletableFuture.runAsync(() -> commit(ready), commits);
                rows = new ArrayList<>();
                lastCommitNanos = System.nanoTime();
            }
            if (isLast) {
                break;
            }
        }
        commit.join();
    }

    private List<Waiting> nextBatch(int batchCount) {
        List<Waiting> batch = new ArrayList<>(batchCount);
        try {
            Waiting first = decoded.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (first != null) {
                batch.add(first);
                decoded.drainTo(batch, batchCount - 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(new java.io.InterruptedIOException("interrupted while pictures were added"));
        }
        return batch;
    }

    private List<Embedded> embed(List<Waiting> batch) {
        long start = System.nanoTime();
        List<Map<String, float[]>> vectors =
                models.embed(batch.stream().map(Waiting::picture).toList());
        List<Embedded> rows = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            Waiting waiting = batch.get(i);
            rows.add(new Embedded(waiting, addition.row(waiting.name(), waiting.picture(), vectors.get(i))));
        }
        report.modelTook(System.nanoTime() - start);
        report.embedded(batch.size());
        return rows;
    }

    private void commit(List<Embedded> rows) {
        rows.forEach(row -> row.waiting().storage().join());
        long start = System.nanoTime();
        List<PictureWriter.Outcome> outcomes;
        try {
            outcomes = writer.addAll(rows.stream().map(Embedded::row).toList());
            for (Embedded row : rows) {
                Unsure unsure = row.waiting().storage().join().orElse(null);
                if (unsure != null) {
                    files.storeIfMissing(row.waiting().name(), unsure.encoded());
                    memory.release(unsure.memoryUnits());
                }
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
        report.storingTook(System.nanoTime() - start);
        report.embedded(-rows.size());
        for (int i = 0; i < rows.size(); i++) {
            Waiting waiting = rows.get(i).waiting();
            settle(waiting.source(), addition.stored(waiting.name(), outcomes.get(i)));
        }
    }

    /// Says what became of a picture, and of those with the same bytes.
    private void settle(String source, StoredPicture picture) {
        List<String> others = repeats.remove(picture.id());
        report.done(source, picture);
        if (others != null) {
            StoredPicture again =
                    new StoredPicture(picture.id(), picture.path(), Status.EXISTS, picture.version());
            others.forEach(other -> report.done(other, again));
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
