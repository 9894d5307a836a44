// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Rows of several sources with the same partitions: those of the first source first. A graph stays where all rows of a
/// partition are of one source.
public record JoinedPartitions(List<PartitionSource> sources) implements PartitionSource {
    public JoinedPartitions {
        sources = List.copyOf(sources);
    }

    @Override
    public int partitionCount() {
        return sources.getFirst().partitionCount();
    }

    @Override
    public EncodedRows read(int partition) throws IOException {
        List<EncodedRows> parts = new ArrayList<>();
        int count = 0;
        int bytes = 0;
        for (PartitionSource source : sources) {
            EncodedRows part = source.read(partition);
            if (part.count() > 0) {
                parts.add(part);
                count = Math.addExact(count, part.count());
                bytes = Math.addExact(bytes, part.encoded().length);
            }
        }
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        long[] rowIds = new long[count];
        byte[] encoded = new byte[bytes];
        int row = 0;
        int at = 0;
        for (EncodedRows part : parts) {
            System.arraycopy(part.rowIds(), 0, rowIds, row, part.count());
            System.arraycopy(part.encoded(), 0, encoded, at, part.encoded().length);
            row += part.count();
            at += part.encoded().length;
        }
        return new EncodedRows(rowIds, encoded, null);
    }
}
