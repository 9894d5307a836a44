// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.blob.BlobOutput;
import dev.joust.format.internal.encoding.page.PageLayoutCodec;
import dev.joust.format.internal.file.FilePage;
import dev.joust.format.schema.Schema;

/// A column of 2.1 or 2.2: a leaf of the schema with the levels of what is above it.
public final class StructuralColumnWriter implements ColumnWriter {
    private final LeafColumn column;
    private final ColumnAccumulator accumulator;
    private final PageEncoder encoder;

    private StructuralColumnWriter(LeafColumn column, Schema schema, FileVersion version, BlobOutput blobs) {
        this.column = column;
        accumulator = new ColumnAccumulator(column, blobs);
        encoder = PageEncoder.of(version, schema.fields().get(column.topLevelIndex()), column.leaf());
    }

    /// The columns of a file with that schema, in order.
    ///
    /// @param version 2.1 or 2.2
    /// @param blobs   where the bytes of blobs go
    /// @throws dev.joust.format.UnsupportedFormatException naming the field that is not written
    /// @throws IllegalArgumentException naming the field whose metadata asks for an encoding that there is not
    public static List<ColumnWriter> of(Schema schema, FileVersion version, BlobOutput blobs) {
        List<ColumnWriter> writers = new ArrayList<>();
        for (LeafColumn column : LeafColumn.of(schema, version)) {
            writers.add(new StructuralColumnWriter(column, schema, version, blobs));
        }
        return writers;
    }

    @Override
    public int topLevelIndex() {
        return column.topLevelIndex();
    }

    @Override
    public int fieldId() {
        return column.leaf().id();
    }

    @Override
    public void check(ColumnBuffers topLevel) {
        accumulator.check(topLevel);
    }

    @Override
    public int rowsToFill(ColumnBuffers topLevel, int startRow, long budgetBytes) {
        return accumulator.rowsToFill(topLevel, startRow, budgetBytes);
    }

    @Override
    public void append(ColumnBuffers topLevel, int startRow, int endRow) throws IOException {
        accumulator.append(topLevel, startRow, endRow);
    }

    @Override
    public boolean needsPage() {
        return accumulator.rowCount() > 0;
    }

    @Override
    public long sizeBytes() {
        return accumulator.sizeBytes();
    }

    @Override
    public Supplier<List<FilePage>> cutPage(boolean last) {
        PageData page = accumulator.take(last);
        return () -> encoder.encode(page).stream()
                .map(rows -> new FilePage(
                        rows.rowCount() * column.itemsPerRow(),
                        rows.firstRow(),
                        PageLayoutCodec.toEncodedMessage(rows.page().layout()),
                        rows.page().buffers()))
                .toList();
    }
}
