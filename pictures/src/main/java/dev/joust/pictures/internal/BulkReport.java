// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.util.concurrent.atomic.AtomicLong;

import dev.joust.pictures.BulkListener;
import dev.joust.pictures.BulkOutcome;
import dev.joust.pictures.BulkProgress;
import dev.joust.pictures.StoredPicture;

/// Counts what becomes of many pictures and where the time goes, and tells a listener. Thread-safe.
final class BulkReport {
    private static final long INTERVAL_NANOS = 100_000_000L;

    private final long totalCount;
    private final BulkListener listener;
    private final long startNanos = System.nanoTime();
    private final AtomicLong readingNanos = new AtomicLong();
    private final AtomicLong decodingNanos = new AtomicLong();
    private final AtomicLong modelNanos = new AtomicLong();
    private final AtomicLong storingNanos = new AtomicLong();

    // Guarded by this.
    private long storedCount;
    private long existsCount;
    private long refusedCount;
    private long embeddedCount;
    private long version;
    private long toldNanos = startNanos;

    BulkReport(long totalCount, BulkListener listener) {
        this.totalCount = totalCount;
        this.listener = listener;
    }

    void readingTook(long nanos) {
        readingNanos.addAndGet(nanos);
    }

    void decodingTook(long nanos) {
        decodingNanos.addAndGet(nanos);
    }

    void modelTook(long nanos) {
        modelNanos.addAndGet(nanos);
    }

    void storingTook(long nanos) {
        storingNanos.addAndGet(nanos);
    }

    /// So many more wait for their rows.
    synchronized void embedded(int count) {
        embeddedCount += count;
        tellNowAndThen();
    }

    synchronized void done(String source, StoredPicture picture) {
        switch (picture.status()) {
            case STORED -> storedCount++;
            case EXISTS -> existsCount++;
        }
        version = Math.max(version, picture.version());
        listener.done(new BulkOutcome(source, picture, null));
        tellNowAndThen();
    }

    synchronized void refused(String source, String reason) {
        refusedCount++;
        listener.done(new BulkOutcome(source, null, reason));
        tellNowAndThen();
    }

    private void tellNowAndThen() {
        long now = System.nanoTime();
        if (now - toldNanos >= INTERVAL_NANOS) {
            toldNanos = now;
            listener.progress(progress());
        }
    }

    /// Tells how it ended.
    synchronized BulkProgress ended() {
        BulkProgress last = progress();
        listener.progress(last);
        return last;
    }

    private BulkProgress progress() {
        double all = Math.max(1, readingNanos.get() + decodingNanos.get() + modelNanos.get() + storingNanos.get());
        return new BulkProgress(
                totalCount,
                storedCount,
                existsCount,
                refusedCount,
                embeddedCount,
                version,
                (System.nanoTime() - startNanos) / 1e9,
                new BulkProgress.Shares(
                        readingNanos.get() / all, decodingNanos.get() / all, modelNanos.get() / all, storingNanos.get() / all));
    }
}
