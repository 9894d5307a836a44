// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import java.io.IOException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.internal.blob.BlobOutput;
import dev.joust.format.internal.encoding.write.LeafAccumulator;
import dev.joust.format.internal.encoding.write.Slots;
import dev.joust.format.internal.file.ColumnMetadataCodec;
import dev.joust.format.internal.file.EncodedMessage;
import dev.joust.format.internal.file.FilePage;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// The column of a leaf, or of a packed struct: its values, null slots among them. Not thread-safe.
final class LeafColumnWriter extends ArrayColumnWriter {
    private final LeafAccumulator leaf;
    private final LeafForm form;

    LeafColumnWriter(Field field, SlotPath path, @Nullable ListCuts outerCuts, BlobOutput blobs) {
        super(field, path, outerCuts);
        this.form = LeafForm.of(field);
        this.leaf = new LeafAccumulator(form.gathered(), blobs);
    }

    @Override
    int slotCount() {
        return leaf.count();
    }

    @Override
    void checkArray(ColumnBuffers array) {
        leaf.check(array);
    }

    /// Packed structs have no more room for nulls than others.
    @Override
    int firstRefused(ColumnBuffers array, Slots slots) {
        return field().type() instanceof LogicalType.Struct ? StructNulls.first(array, slots) : -1;
    }

    @Override
    String refusal(long row) {
        return StructNulls.message(field(), row);
    }

    @Override
    long contentBytes(ColumnBuffers array) {
        return leaf.contentBytes(array);
    }

    @Override
    int topLevelRowsToFill(ColumnBuffers array, int startRow, long budgetBytes) {
        return leaf.rowsToFill(array, startRow, budgetBytes);
    }

    @Override
    void appendSlots(ColumnBuffers array, Slots slots) throws IOException {
        leaf.append(array, slots);
    }

    @Override
    public long sizeBytes() {
        return leaf.sizeBytes();
    }

    @Override
    public EncodedMessage encoding() {
        return BlobFields.isBlob(field()) ? ColumnMetadataCodec.BLOB_VALUES : ColumnMetadataCodec.PLAIN_VALUES;
    }

    @Override
    Supplier<FilePage> takePage() {
        LeafAccumulator.Leaf taken = leaf.take();
        return () -> LeafPageEncoder.encode(taken.values(), taken.validity(), form);
    }
}
