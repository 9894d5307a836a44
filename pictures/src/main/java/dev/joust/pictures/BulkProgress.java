// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

/// How far many pictures are.
///
/// @param totalCount  -1 where that is not known
/// @param storedCount pictures that have a row now and had none before
/// @param existsCount pictures that had a row already
/// @param waitingCount pictures that have their vectors and wait for their row, which many get together
/// @param version     of the table with the last of them; 0 before the first
/// @param seconds     since the start
/// @param shares      of the time that was worked
public record BulkProgress(
        long totalCount,
        long storedCount,
        long existsCount,
        long refusedCount,
        long waitingCount,
        long version,
        double seconds,
        Shares shares) {
    /// Where the time went, parts of 1 of all threads' work; 0 where nothing was done yet.
    ///
    /// @param reading  of the sources, with their hashes
    /// @param decoding with thumbnails
    /// @param model    vectors
    /// @param storage  bytes, thumbnails and rows
    public record Shares(double reading, double decoding, double model, double storage) {}

    /// Pictures of which it is known what became of them.
    public long doneCount() {
        return storedCount + existsCount + refusedCount;
    }

    public double picturesPerSecond() {
        return seconds > 0 ? (doneCount() + waitingCount) / seconds : 0;
    }
}
