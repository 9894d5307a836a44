// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.util.List;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;

/// Which leaves of special kinds are written in files of 2.1 and 2.2: what the reference can read back.
public final class WrittenTypes {
    /// A chunk has two rows at least, and 32 KiB at most.
    private static final long MAX_PACKED_BYTES_2_1 = 16_000;

    private WrittenTypes() {}

    static void requireDictionaryValue(Field field, LogicalType value) {
        if (!isDictionaryValue(value)) {
            throw unsupported(field, "dictionaries of " + LogicalTypes.format(value));
        }
    }

    /// The format names a dictionary's type by those of its values and indices, parted by colons: a type that has one
    /// in its own name does not read back.
    public static boolean isDictionaryValue(LogicalType type) {
        return switch (type) {
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Utf8 _,
                    LogicalType.Binary _ ->
                true;
            case LogicalType.Null _, LogicalType.Decimal _, LogicalType.FixedSizeBinary _, LogicalType.Date _,
                    LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _, LogicalType.Dictionary _,
                    LogicalType.FixedSizeList _, LogicalType.Struct _, LogicalType.List _, LogicalType.Map _,
                    LogicalType.Json _, LogicalType.BFloat16 _ ->
                false;
        };
    }

    /// @param steps to it from the top
    static void requireBlob(Field field, List<LeafColumn.Step> steps, FileVersion version) {
        if (BlobFields.isLogicalV2(field)) {
            if (version == FileVersion.V2_1) {
                throw unsupported(field, "blobs of the extension " + BlobFields.EXTENSION_V2 + " in files of version 2.1");
            }
            if (!BlobFields.isInputV2(field)) {
                throw unsupported(field, "blobs whose fields are not data, uri, position and size");
            }
        } else if (!(field.type() instanceof LogicalType.Binary(boolean large) && large)) {
            throw unsupported(field, "blob columns of a type other than large_binary"
                    + (field.type() instanceof LogicalType.Struct ? ", such as descriptors," : ""));
        }
        // The reference loses the lists of v1, and panics at rows whose lists of v2 are empty
        if (!areAllStructs(steps)) {
            throw unsupported(field, "blobs in lists");
        }
    }

    private static boolean areAllStructs(List<LeafColumn.Step> steps) {
        return steps.stream().allMatch(LeafColumn.Step.IntoStruct.class::isInstance);
    }

    static void requireNoBlobs(Field refused, Field at, String what) {
        for (Field child : at.children()) {
            if (BlobFields.isBlob(child)) {
                throw unsupported(refused, what);
            }
            requireNoBlobs(refused, child, what);
        }
    }

    /// @param steps to it from the top
    static void requirePackable(Field struct, List<LeafColumn.Step> steps, FileVersion version) {
        requireNoBlobs(struct, struct, "packed structs with blobs");
        long fixedBytes = 0;
        for (Field field : struct.children()) {
            switch (packing(field.type())) {
                case FIXED -> fixedBytes += field.type().bitsPerValue() / 8;
                case VARIABLE -> {
                    if (version == FileVersion.V2_1) {
                        throw unsupported(struct, "packed structs with a field of type "
                                + LogicalTypes.format(field.type()) + ", '" + field.name() + "', in files of version 2.1");
                    }
                    // The reference panics at rows whose lists are empty
                    if (!areAllStructs(steps)) {
                        throw unsupported(struct, "packed structs with a field of type "
                                + LogicalTypes.format(field.type()) + ", '" + field.name() + "', in lists");
                    }
                }
                case NONE ->
                    throw unsupported(struct, "packed structs with a field of type "
                            + LogicalTypes.format(field.type()) + ", '" + field.name() + "',");
            }
        }
        if (fixedBytes > MAX_PACKED_BYTES_2_1 && version == FileVersion.V2_1) {
            throw unsupported(struct, "packed structs of " + fixedBytes + " bytes in files of version 2.1");
        }
    }

    private enum Packing {
        FIXED,
        VARIABLE,
        NONE
    }

    /// How values lie in a packed struct. Booleans would have to be whole bytes.
    private static Packing packing(LogicalType type) {
        return switch (type) {
            case LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _, LogicalType.FixedSizeBinary _,
                    LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _,
                    LogicalType.BFloat16 _ ->
                Packing.FIXED;
            case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ -> Packing.VARIABLE;
            case LogicalType.FixedSizeList(LogicalType item, int _) when item != null && isPackedItem(item) ->
                Packing.VARIABLE;
            case LogicalType.FixedSizeList _, LogicalType.Null _, LogicalType.Bool _, LogicalType.Dictionary _,
                    LogicalType.Struct _, LogicalType.List _, LogicalType.Map _ ->
                Packing.NONE;
        };
    }

    /// Items of fixed-size lists are of fixed width, or again fixed-size lists.
    static void requireItem(Field list, LogicalType item) {
        if (!isItem(item)) {
            throw unsupported(list, "fixed-size lists of " + LogicalTypes.format(item));
        }
    }

    private static boolean isItem(LogicalType type) {
        return type instanceof LogicalType.Bool || isPackedItem(type)
                || (type instanceof LogicalType.FixedSizeList(LogicalType inner, int _) && inner != null && isItem(inner));
    }

    private static boolean isPackedItem(LogicalType item) {
        return item instanceof LogicalType.FixedSizeList(LogicalType inner, int _)
                ? inner != null && isPackedItem(inner)
                : packing(item) == Packing.FIXED;
    }

    static UnsupportedFormatException unsupported(Field field, String what) {
        return new UnsupportedFormatException("column '" + field.name() + "' of type "
                + LogicalTypes.format(field.type()) + ": " + what + " are not written");
    }
}
