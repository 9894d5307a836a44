// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

/// Is told how far a build of an index is. Called by the thread that builds, often: what it does takes no time.
@FunctionalInterface
public interface IndexBuildListener {
    /// Nobody wants to know.
    IndexBuildListener NONE = (_, _, _) -> {};

    /// What is being done, in this order; merging segments only writes.
    enum Phase {
        /// Rows are read to draw some from; counted in rows.
        SAMPLE,
        /// Centroids and quantizer are learnt; counted in steps, of which there are two.
        TRAIN,
        /// Vectors are read, encoded and sorted by partition; counted in rows.
        SHUFFLE,
        /// Partitions are written, with their graphs where the kind has graphs; counted in partitions.
        WRITE
    }

    /// @param done  of the phase
    /// @param total of the phase, as far as that is known before
    void progress(Phase phase, long done, long total);
}
