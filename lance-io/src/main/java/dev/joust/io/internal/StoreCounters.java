// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal;

import java.util.concurrent.atomic.LongAdder;

import dev.joust.io.ReadStats;

/// Counts what a store is asked and what it moves. A request counts when it is made, also if it fails; bytes count
/// when they have moved. Thread-safe.
public final class StoreCounters {
    private final LongAdder gets = new LongAdder();
    private final LongAdder heads = new LongAdder();
    private final LongAdder lists = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private final LongAdder deletes = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();

    public void get() {
        gets.increment();
    }

    public void head() {
        heads.increment();
    }

    public void list() {
        lists.increment();
    }

    public void put() {
        puts.increment();
    }

    public void delete() {
        deletes.increment();
    }

    public void read(long sizeBytes) {
        bytesRead.add(sizeBytes);
    }

    public void wrote(long sizeBytes) {
        bytesWritten.add(sizeBytes);
    }

    public ReadStats stats() {
        return new ReadStats(
                gets.sum(), heads.sum(), lists.sum(), puts.sum(), deletes.sum(), bytesRead.sum(), bytesWritten.sum());
    }
}
