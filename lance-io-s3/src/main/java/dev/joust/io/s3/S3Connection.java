// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.util.concurrent.Semaphore;

import software.amazon.awssdk.services.s3.S3Client;

import dev.joust.io.internal.StoreCounters;

/// What stores of one service share that were opened from one another. Thread-safe.
///
/// @param uploadPermits parts of uploads under way or waiting for the network, each of them in memory
record S3Connection(
        S3Options options,
        S3Client client,
        ReadRequests reads,
        Retries retries,
        StoreCounters counters,
        ConditionalPutProbe probe,
        Semaphore uploadPermits)
        implements AutoCloseable {
    private static final int PARTS_AT_ONCE = 16;

    static S3Connection open(S3Options options, S3Client client) {
        StoreCounters counters = new StoreCounters();
        Retries retries = new Retries(options, new Throttle(System::nanoTime));
        return new S3Connection(
                options,
                client,
                readsBy(client),
                retries,
                counters,
                new ConditionalPutProbe(options, client, retries, counters),
                new Semaphore(PARTS_AT_ONCE));
    }

    /// How a client reads.
    static ReadRequests readsBy(S3Client client) {
        return client instanceof ReadRequests direct ? direct : new SdkReadRequests(client);
    }

    @Override
    public void close() {
        client.close();
    }
}
