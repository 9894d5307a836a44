// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// How an index is built, whatever it is like. Immutable; each `with` answers a changed copy.
///
/// A build also ends when its thread is interrupted. However it ends, but for a process that is killed, no file remains of
/// one that did not succeed.
///
/// @param listener    is told how far it is
/// @param isCancelled asked again and again, by any thread: true ends the build with a {@link CancellationException}
/// @param memoryBytes that training samples and rows on their way to their partitions may take, about; 0 for a share of
///                    what the session has for batches. With less, fewer rows are trained with, and more goes through a
///                    temporary file
public record IndexBuildOptions(IndexBuildListener listener, BooleanSupplier isCancelled, long memoryBytes) {
    /// Nobody is told, and nothing ends the build but an interrupt.
    public static final IndexBuildOptions DEFAULT = new IndexBuildOptions(IndexBuildListener.NONE, () -> false, 0);

    public IndexBuildOptions {
        if (memoryBytes < 0) {
            throw new IllegalArgumentException(memoryBytes + " bytes of memory");
        }
    }

    public IndexBuildOptions withListener(IndexBuildListener newListener) {
        return new IndexBuildOptions(newListener, isCancelled, memoryBytes);
    }

    public IndexBuildOptions withCancelled(BooleanSupplier newCancelled) {
        return new IndexBuildOptions(listener, newCancelled, memoryBytes);
    }

    public IndexBuildOptions withMemoryBytes(long newMemoryBytes) {
        return new IndexBuildOptions(listener, isCancelled, newMemoryBytes);
    }

    /// @throws CancellationException if the build shall end
    void check() {
        if (isCancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the build of the index was cancelled");
        }
    }
}
