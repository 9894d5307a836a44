// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.read;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import dev.joust.io.Failures;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;

/// Requests that are done together. Whoever is free takes the next one; the first failure keeps the rest from
/// starting. {@link #run} returns only when no request writes into memory any more.
final class RequestGroup {
    private final ObjectStore store;
    private final ObjectPath path;
    private final List<ReadRequest> requests;
    private final Semaphore permits;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch unfinished;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    RequestGroup(ObjectStore store, ObjectPath path, List<ReadRequest> requests, Semaphore permits) {
        this.store = store;
        this.path = path;
        this.requests = requests;
        this.permits = permits;
        this.unfinished = new CountDownLatch(requests.size());
    }

    /// Does all requests on the caller, and beside it on `executor` where there is one.
    void run(@Nullable ExecutorService executor) throws IOException {
        var helpers = new ArrayList<Future<?>>();
        if (executor != null) {
            // more helpers than permits would only wait; the caller is one of the workers
            int helperCount = Math.min(requests.size() - 1, Math.max(1, permits.availablePermits() - 1));
            try {
                for (int i = 0; i < helperCount; i++) {
                    helpers.add(executor.submit(this::takeRequests));
                }
            } catch (RejectedExecutionException e) {
                failure.compareAndSet(null, new IOException(path + ": the session is closed", e));
            }
        }
        takeRequests();
        awaitAll(helpers);
        Failures.rethrow(failure.get());
    }

    private void takeRequests() {
        int index;
        while ((index = next.getAndIncrement()) < requests.size()) {
            try {
                if (failure.get() == null) {
                    doRequest(requests.get(index));
                }
            } catch (Throwable e) { // an error too must reach the caller, and must not leave it waiting
                failure.compareAndSet(null, e);
            } finally {
                unfinished.countDown();
            }
        }
    }

    private void doRequest(ReadRequest request) throws IOException {
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
        try {
            if (failure.get() == null) {
                store.read(path, request.offsetInFile(), request.target());
            }
        } finally {
            permits.release();
        }
    }

    /// Waits for requests that others still do. An interrupt is passed on to them, and waited for.
    private void awaitAll(List<Future<?>> helpers) {
        boolean interrupted = false;
        while (true) {
            try {
                unfinished.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                failure.compareAndSet(null, interrupted());
                helpers.forEach(helper -> helper.cancel(true));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private IOException interrupted() {
        return new InterruptedIOException(path + ": interrupted while reading");
    }
}
