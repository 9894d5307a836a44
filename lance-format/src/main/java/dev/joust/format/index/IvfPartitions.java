// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.index;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.index.IvfPartitionsCodec;
import dev.joust.io.ObjectPath;

/// Which rows of an index file each partition has, and where its vectors gather: message `IVF` (spec: index format B.1).
///
/// @param centroids one row per partition; null where the file leaves them to the other one
/// @param offsets   first row of each partition
/// @param lengths   rows of each partition
/// @param loss      sum of the distances of the training sample to its centroids; null where not recorded
@SuppressWarnings("ArrayRecordComponent") // read once, held by one
public record IvfPartitions(@Nullable Tensor centroids, long[] offsets, int[] lengths, @Nullable Double loss) {
    /// @param offsetInFile where the bytes are, for errors
    /// @throws dev.joust.format.CorruptFileException if lengths and centroids do not fit each other
    public static IvfPartitions parse(ObjectPath file, long offsetInFile, byte[] message) {
        return IvfPartitionsCodec.parse(file, offsetInFile, message);
    }

    public byte[] toBytes() {
        return IvfPartitionsCodec.toBytes(this);
    }

    public int count() {
        return lengths.length;
    }

    /// Rows of all partitions.
    public long rowCount() {
        long count = 0;
        for (int length : lengths) {
            count += length;
        }
        return count;
    }
}
