// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.Bits;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.file.FileProjection;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Puts one field together from what several files hold of it. Lists and structs are those of the first file; leaves
/// that none holds are null. One per batch.
final class FieldMerge {
    private final BufferSource memory;

    /// @param memory of the batch that is made
    FieldMerge(BufferSource memory) {
        this.memory = memory;
    }

    /// A part of the field.
    ///
    /// @param owned whether its memory is already the batch's; otherwise it is copied
    record Part(ColumnBuffers column, boolean owned) {
        private Part child(ColumnBuffers child) {
            return new Part(child, owned);
        }
    }

    ColumnBuffers merge(Field wanted, List<Part> parts, int rowCount) {
        if (parts.isEmpty()) {
            return Columns.allNull(wanted, rowCount, memory);
        }
        Part first = parts.getFirst();
        if (wanted.equals(first.column().field()) && (parts.size() == 1 || wanted.children().isEmpty())) {
            return whole(first, rowCount);
        }
        return switch (wanted.type()) {
            // Descriptors lie in one column, and have no ids to be told apart by
            case LogicalType.Struct _ when FileProjection.isBlob(wanted) -> whole(first, rowCount);
            case LogicalType.Struct _ -> {
                List<ColumnBuffers> children = new ArrayList<>();
                for (Field child : wanted.children()) {
                    children.add(merge(child, parts(child, parts), rowCount));
                }
                yield with(wanted, first, rowCount, null, children);
            }
            case LogicalType.List _, LogicalType.Map _ -> {
                int itemCount = itemCount(first, rowCount);
                for (Part part : parts) {
                    if (itemCount(part, rowCount) != itemCount) {
                        throw new CorruptFileException("column '" + wanted.name() + "' has " + itemCount
                                + " items in one file of a fragment, " + itemCount(part, rowCount) + " in another");
                    }
                }
                Field item = wanted.children().getFirst();
                int width = Columns.largeOffsets(wanted.type()) ? 8 : 4;
                MemorySegment offsets = first.column().offsets();
                yield with(
                        wanted,
                        first,
                        rowCount,
                        offsets == null ? null : own(offsets, (rowCount + 1L) * width, first.owned()),
                        List.of(merge(item, parts(item, parts), itemCount)));
            }
            case LogicalType.FixedSizeList(LogicalType _, int dimension) when !wanted.children().isEmpty() -> {
                Field item = wanted.children().getFirst();
                yield with(
                        wanted,
                        first,
                        rowCount,
                        null,
                        List.of(merge(item, parts(item, parts), Math.multiplyExact(rowCount, dimension))));
            }
            case LogicalType.Null _, LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _,
                    LogicalType.Decimal _, LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.FixedSizeBinary _,
                    LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _,
                    LogicalType.Dictionary _, LogicalType.FixedSizeList _, LogicalType.Json _,
                    LogicalType.BFloat16 _ ->
                whole(first, rowCount);
        };
    }

    private ColumnBuffers whole(Part part, int rowCount) {
        return part.owned() ? part.column() : Columns.slice(part.column(), 0, rowCount, memory);
    }

    private static List<Part> parts(Field child, List<Part> parts) {
        return parts.stream()
                .flatMap(part -> find(child, part).stream())
                .toList();
    }

    private static Optional<Part> find(Field child, Part part) {
        return part.column().children().stream()
                .filter(column -> column.field().id() == child.id())
                .findFirst()
                .map(part::child);
    }

    private static int itemCount(Part part, int rowCount) {
        return Math.toIntExact(Columns.offset(part.column(), rowCount));
    }

    private ColumnBuffers with(
            Field field,
            Part layer,
            int rowCount,
            @Nullable MemorySegment offsets,
            List<ColumnBuffers> children) {
        MemorySegment validity = layer.column().validity();
        return new ColumnBuffers(
                field,
                rowCount,
                layer.column().nullCount(),
                validity == null ? null : own(validity, Bits.byteCount(rowCount), layer.owned()),
                offsets,
                null,
                children);
    }

    private MemorySegment own(MemorySegment buffer, long sizeBytes, boolean owned) {
        if (owned) {
            return buffer;
        }
        MemorySegment copy = memory.allocate(sizeBytes);
        MemorySegment.copy(buffer, 0, copy, 0, sizeBytes);
        return copy;
    }
}
