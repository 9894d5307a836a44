// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// Sorts encoded rows by partition, with bounded memory: what does not fit goes to a temporary file in runs, each sorted.
/// Rows of a partition stay in the order in which they came. Not thread-safe.
public final class PartitionShuffler implements PartitionSource, AutoCloseable {
    private final int partitionCount;
    private final int rowBytes;
    private final int capacity;
    private final int[] sizes;
    private final List<Run> runs = new ArrayList<>();

    private int[] partitions = new int[0];
    private byte[] rows = new byte[0];
    private int count;
    private @Nullable FileChannel file;
    private @Nullable Path path;

    /// Rows sorted by partition.
    ///
    /// @param start  in the file; -1 for those in memory
    /// @param starts first row of each partition, and their end
    private record Run(long start, int[] starts) {}

    /// @param rowBytes    of a row id and the encoded row
    /// @param memoryBytes to hold rows in, about
    public PartitionShuffler(int partitionCount, int rowBytes, long memoryBytes) {
        this.partitionCount = partitionCount;
        this.rowBytes = rowBytes;
        capacity = Math.clamp(memoryBytes / (2L * rowBytes), 1024, Integer.MAX_VALUE / 2 / rowBytes);
        sizes = new int[partitionCount];
    }

    /// Rows of each partition so far.
    public int[] sizes() {
        return sizes.clone();
    }

    /// Adds rows.
    ///
    /// @param rowPartitions of the rows
    /// @param encoded       row after row, without ids
    public void add(int[] rowPartitions, long[] rowIds, byte[] encoded, int rowCount) throws IOException {
        int codeBytes = rowBytes - Long.BYTES;
        for (int row = 0; row < rowCount; row++) {
            if (count == capacity) {
                spill();
            }
            if (count == partitions.length) {
                int larger = (int) Math.min(capacity, Math.max(4096, 2L * count));
                partitions = java.util.Arrays.copyOf(partitions, larger);
                rows = java.util.Arrays.copyOf(rows, larger * rowBytes);
            }
            partitions[count] = rowPartitions[row];
            ByteBuffer.wrap(rows, count * rowBytes, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(rowIds[row]);
            System.arraycopy(encoded, row * codeBytes, rows, count * rowBytes + Long.BYTES, codeBytes);
            sizes[rowPartitions[row]] = Math.addExact(sizes[rowPartitions[row]], 1);
            count++;
        }
    }

    /// No more rows come: {@link #read} may be called.
    public void finish() throws IOException {
        if (runs.isEmpty()) {
            runs.add(new Run(-1, sort()));
        } else if (count > 0) {
            spill();
        }
    }

    private void spill() throws IOException {
        int[] starts = sort();
        FileChannel target = file;
        if (target == null) {
            path = Files.createTempFile("joust-index", ".rows");
            target = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            file = target;
            deleteEarly(path);
        }
        long start = target.size();
        ByteBuffer bytes = ByteBuffer.wrap(rows, 0, count * rowBytes);
        for (long at = start; bytes.hasRemaining(); ) {
            at += target.write(bytes, at);
        }
        runs.add(new Run(start, starts));
        count = 0;
    }

    /// Where files can go before they are closed, nothing stays of a process that is killed.
    private static void deleteEarly(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            // it goes when it is closed
        }
    }

    /// Sorts the rows in memory.
    private int[] sort() {
        int[] starts = new int[partitionCount + 1];
        for (int row = 0; row < count; row++) {
            starts[partitions[row] + 1]++;
        }
        for (int i = 0; i < partitionCount; i++) {
            starts[i + 1] += starts[i];
        }
        int[] next = starts.clone();
        byte[] sorted = new byte[count * rowBytes];
        for (int row = 0; row < count; row++) {
            System.arraycopy(rows, row * rowBytes, sorted, next[partitions[row]]++ * rowBytes, rowBytes);
        }
        rows = sorted;
        partitions = new int[count];
        return starts;
    }

    @Override
    public int partitionCount() {
        return partitionCount;
    }

    /// The rows of a partition, once no more come.
    @Override
    public EncodedRows read(int partition) throws IOException {
        long[] rowIds = new long[sizes[partition]];
        byte[] encoded = new byte[Math.multiplyExact(sizes[partition], rowBytes - Long.BYTES)];
        read(partition, rowIds, encoded);
        return new EncodedRows(rowIds, encoded, null);
    }

    /// The rows of a partition.
    ///
    /// @param rowIds  filled
    /// @param encoded filled, row after row
    public void read(int partition, long[] rowIds, byte[] encoded) throws IOException {
        int codeBytes = rowBytes - Long.BYTES;
        int done = 0;
        for (Run run : runs) {
            int first = run.starts[partition];
            int rowCount = run.starts[partition + 1] - first;
            byte[] source = run.start < 0 ? rows : spilled(run.start + (long) first * rowBytes, rowCount);
            int at = run.start < 0 ? first * rowBytes : 0;
            for (int row = 0; row < rowCount; row++, done++, at += rowBytes) {
                rowIds[done] = ByteBuffer.wrap(source, at, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
                System.arraycopy(source, at + Long.BYTES, encoded, done * codeBytes, codeBytes);
            }
        }
    }

    private byte[] spilled(long start, int rowCount) throws IOException {
        byte[] bytes = new byte[Math.multiplyExact(rowCount, rowBytes)];
        ByteBuffer target = ByteBuffer.wrap(bytes);
        FileChannel source = java.util.Objects.requireNonNull(file);
        while (target.hasRemaining()) {
            if (source.read(target, start + target.position()) < 0) {
                throw new EOFException(path + " ends at " + source.size());
            }
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        if (file != null && path != null) {
            file.close();
            Files.deleteIfExists(path);
        }
    }
}
