// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.io.IOException;

/// Where the rows of a new segment come from, partition by partition, each asked for once, in ascending order.
public interface PartitionSource {
    int partitionCount();

    EncodedRows read(int partition) throws IOException;
}
