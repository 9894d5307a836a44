// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.file.LegacyMetadata;
import dev.joust.format.internal.file.LegacyPage;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// The order in which a file's pages were written: batch after batch, in a batch fields in the schema's order, parents
/// first. Tells where the bytes of strings are before their positions are read; nothing depends on its being right.
/// Thread-safe.
final class PageOrder {
    private final LegacyMetadata file;
    private final List<Field> fields = new ArrayList<>();
    /// By number of the field in the order of ids: its place in `fields`, -1 for those without pages.
    private final int[] places;

    PageOrder(LegacyMetadata file) {
        this.file = file;
        this.places = new int[file.fieldCount()];
        Arrays.fill(places, -1);
        for (Field field : file.schema().preOrder()) {
            if (!(field.type() instanceof LogicalType.Struct)) {
                places[file.fieldIndex(field.id())] = fields.size();
                fields.add(field);
            }
        }
    }

    /// Where the page ends that was written before that of field number `index` in `batch`; 0 for the first.
    long endBefore(int index, int batch) {
        int place = places[index];
        if (place < 0 || (place == 0 && batch == 0)) {
            return 0;
        }
        Field before = fields.get(place == 0 ? fields.size() - 1 : place - 1);
        return end(before, file.page(file.fieldIndex(before.id()), place == 0 ? batch - 1 : batch));
    }

    /// What the field numbered `index` takes in `batch`, about; 0 where its pages do not tell.
    long sizeBytes(int index, int batch) {
        int place = places[index];
        if (place < 0) {
            return 0;
        }
        long end = end(index, batch);
        long size = end - Math.min(end, endBefore(index, batch));
        return end > file.pagesEnd() ? 0 : size;
    }

    /// Where the page ends of the field numbered `index`, which has pages.
    long end(int index, int batch) {
        return end(fields.get(places[index]), file.page(index, batch));
    }

    private static long end(Field field, LegacyPage page) {
        try {
            long bits =
                    switch (field.type()) {
                        case LogicalType.Null _, LogicalType.Struct _, LogicalType.Map _ -> 0;
                        case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ ->
                            Math.multiplyExact(64, Math.addExact(page.length(), 1));
                        case LogicalType.List(boolean large, boolean _) ->
                            Math.multiplyExact(page.length(), large ? 64 : 32);
                        case LogicalType.Dictionary(LogicalType _, LogicalType.Int key) ->
                            Math.multiplyExact(page.length(), key.bitWidth());
                        case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _,
                                LogicalType.Decimal _, LogicalType.FixedSizeBinary _, LogicalType.Date _,
                                LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _,
                                LogicalType.FixedSizeList _, LogicalType.BFloat16 _ ->
                            Math.multiplyExact(
                                    page.length(),
                                    FixedColumn.bits(ValueShape.of(field)));
                    };
            return Math.addExact(page.position(), Math.ceilDiv(bits, 8));
        } catch (ArithmeticException | UnsupportedFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
