// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Searchers that wait for the next search: what they remember of rows is as long as the largest graph they walked
/// through, which a search of a hundredth of a millisecond could not afford to allocate. As many are kept as there are
/// processors. Thread-safe.
public final class HnswSearchers {
    private static final BlockingQueue<HnswSearcher> WAITING =
            new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

    private HnswSearchers() {}

    /// A searcher for the caller alone, until it is given back.
    public static HnswSearcher take() {
        HnswSearcher waiting = WAITING.poll();
        return waiting == null ? new HnswSearcher() : waiting;
    }

    /// @param searcher not to be used by the caller any more
    public static void giveBack(HnswSearcher searcher) {
        boolean _ = WAITING.offer(searcher); // where enough wait, this one goes
    }
}
