// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.blob;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.ByteRange;
import dev.joust.io.FileScheduler;

/// Replaces descriptors by the bytes they stand for: all blobs of a column are fetched at once, near ones in one
/// request, and a range that several rows name is fetched once.
final class BlobBytes {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final BlobFiles files;
    private final BufferSources sources;

    BlobBytes(BlobFiles files, BufferSources sources) {
        this.files = files;
        this.sources = sources;
    }

    /// The batch with the columns that are wanted as bytes; takes it over.
    Batch replace(Batch batch, List<Field> wanted) throws IOException {
        try {
            List<ColumnBuffers> columns = new ArrayList<>();
            for (int i = 0; i < wanted.size(); i++) {
                columns.add(replace(batch.columns().get(i), wanted.get(i), batch.memory()));
            }
            return new Batch(
                    new Schema(wanted, batch.schema().metadata()), batch.rowCount(), columns, batch.memory());
        } catch (IOException | RuntimeException | Error e) {
            batch.close();
            throw e;
        }
    }

    private ColumnBuffers replace(ColumnBuffers column, Field wanted, BufferSource memory) throws IOException {
        if (column.field().equals(wanted)) {
            return column;
        }
        if (wanted.type() instanceof LogicalType.Binary) {
            return read(column, wanted, memory);
        }
        List<ColumnBuffers> children = new ArrayList<>();
        for (int i = 0; i < column.children().size(); i++) {
            children.add(replace(column.children().get(i), wanted.children().get(i), memory));
        }
        return column.with(wanted, children);
    }

    /// What is to be fetched of one file: each range once, and its place in the answer.
    private static final class Fetch {
        final FileScheduler file;
        final Map<ByteRange, Integer> indexByRange = new LinkedHashMap<>();
        List<MemorySegment> bytes = List.of();

        Fetch(FileScheduler file) {
            this.file = file;
        }
    }

    private record Cell(Fetch fetch, int index, long sizeBytes) {}

    private ColumnBuffers read(ColumnBuffers descriptors, Field wanted, BufferSource memory) throws IOException {
        int rowCount = descriptors.rowCount();
        Map<BlobFiles.Place, Fetch> fetches = new HashMap<>();
        Cell[] cells = new Cell[rowCount];
        long total = 0;
        for (int row = 0; row < rowCount; row++) {
            BlobDescriptor blob = BlobDescriptor.at(descriptors, row);
            if (blob == null) {
                continue;
            }
            BlobFiles.Place place = files.placeOf(blob);
            Fetch fetch = fetches.get(place);
            if (fetch == null) {
                fetch = new Fetch(files.open(place));
                fetches.put(place, fetch);
            }
            ByteRange range = files.rangeOf(blob, fetch.file);
            if (range.length() > 0) {
                int next = fetch.indexByRange.size();
                Integer known = fetch.indexByRange.putIfAbsent(range, next);
                cells[row] = new Cell(fetch, known == null ? next : known, range.length());
                total = Math.addExact(total, range.length());
            }
        }
        try (BufferSource temporary = sources.open()) {
            for (Fetch fetch : fetches.values()) {
                checkSum(fetch);
                fetch.bytes = fetch.file.read(List.copyOf(fetch.indexByRange.keySet()), temporary);
            }
            MemorySegment offsets = memory.allocate(8 * (rowCount + 1L));
            MemorySegment values = memory.allocate(total);
            long at = 0;
            offsets.set(LONG, 0, 0);
            for (int row = 0; row < rowCount; row++) {
                Cell cell = cells[row];
                if (cell != null) {
                    MemorySegment bytes = cell.fetch().bytes.get(cell.index());
                    MemorySegment.copy(bytes, 0, values, at, cell.sizeBytes());
                    at += cell.sizeBytes();
                }
                offsets.set(LONG, 8L * (row + 1), at);
            }
            return new ColumnBuffers(
                    wanted, rowCount, descriptors.nullCount(), descriptors.validity(), offsets, values, List.of());
        }
    }

    /// Blobs that a writer of this format made do not overlap: damaged descriptors may ask for a file many times over.
    private void checkSum(Fetch fetch) {
        long sum = 0;
        for (ByteRange range : fetch.indexByRange.keySet()) {
            sum = Math.addExact(sum, range.length());
        }
        boolean own = fetch.file.path().value().startsWith(stem());
        if (own && sum > fetch.file.sizeBytes()) {
            throw new CorruptFileException(files.dataFile() + ": blobs of " + sum + " bytes in " + fetch.file.path()
                    + ", which has " + fetch.file.sizeBytes() + " bytes");
        }
    }

    private String stem() {
        String path = files.dataFile().value();
        return path.substring(0, Math.max(0, path.lastIndexOf('.')));
    }
}
