// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.internal.encoding.compress.DecodeContext;

/// What the reads of one column of one batch share. Not thread-safe: a column is read by one thread at a time.
///
/// @param round   where bytes are asked for
/// @param context for errors, and for what lives no longer than the task
/// @param memory  of the batch
/// @param kept    decompressed buffers that other batches may use as well
/// @param plausibleBytes more than this is not allocated on the word of a count alone
/// @param windowBytes of the column's {@link Windows}; 0 if the batch is alone
record ReadTask(
        Round round,
        DecodeContext context,
        BufferSource memory,
        KeptBuffers kept,
        long plausibleBytes,
        long windowBytes) {
    private static final long SMALL_BYTES = 1 << 20;
    private static final int EXPANSION = 4;

    /// What a file of this size may plausibly hold in one batch.
    static long plausibleBytes(long fileSizeBytes) {
        return SMALL_BYTES + EXPANSION * fileSizeBytes;
    }

    /// Slots to allocate at first, for `slotCount` of `bitsPerSlot` each.
    long capacity(long slotCount, double bitsPerSlot) {
        return Math.min(slotCount, (long) (plausibleBytes / Math.max(1 / 8.0, bitsPerSlot / 8)));
    }
}
