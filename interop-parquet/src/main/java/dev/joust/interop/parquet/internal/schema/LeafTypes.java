// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.schema;

import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalType.TimeUnit;
import dev.joust.interop.parquet.internal.schema.LeafType.Conversion;

/// Types of Parquet's columns: what Parquet says, then what the Arrow schema in the file says of it, as far as the
/// stored values allow.
final class LeafTypes {
    private final SourceFile file;
    private final long footerOffset;

    LeafTypes(SourceFile file, long footerOffset) {
        this.file = file;
        this.footerOffset = footerOffset;
    }

    /// @param origin what the writer had; null where the file does not say
    LeafType of(SchemaNode leaf, @Nullable LogicalType origin) {
        SchemaElement element = leaf.element();
        LogicalType natural = natural(element);
        LogicalType target = origin == null ? natural : restored(natural, origin, element.getType());
        return new LeafType(element.getType(), byteWidth(element), target, conversion(element.getType(), natural, target));
    }

    private int byteWidth(SchemaElement element) {
        return switch (element.getType()) {
            case INT32, FLOAT -> 4;
            case INT64, DOUBLE -> 8;
            case INT96 -> 12;
            case FIXED_LEN_BYTE_ARRAY -> {
                if (element.getType_length() <= 0) {
                    throw file.corrupt(footerOffset, "schema", "column '" + element.getName() + "' has values of "
                            + element.getType_length() + " bytes");
                }
                yield element.getType_length();
            }
            case BOOLEAN, BYTE_ARRAY -> 0;
        };
    }

    private LogicalType natural(SchemaElement element) {
        return switch (element.getType()) {
            case BOOLEAN -> new LogicalType.Bool();
            case INT32 -> ofInt(element, 32);
            case INT64 -> ofInt(element, 64);
            case INT96 -> new LogicalType.Timestamp(TimeUnit.NANOSECOND, null);
            case FLOAT -> new LogicalType.FloatingPoint(32);
            case DOUBLE -> new LogicalType.FloatingPoint(64);
            case BYTE_ARRAY -> ofBytes(element);
            case FIXED_LEN_BYTE_ARRAY -> ofFixedBytes(element);
        };
    }

    private LogicalType ofInt(SchemaElement element, int bitWidth) {
        org.apache.parquet.format.LogicalType logical = element.getLogicalType();
        if (logical != null) {
            if (logical.isSetINTEGER()) {
                return whole(element, logical.getINTEGER().getBitWidth(), logical.getINTEGER().isIsSigned());
            }
            if (logical.isSetDATE()) {
                return new LogicalType.Date(32);
            }
            if (logical.isSetTIME()) {
                return new LogicalType.Time(unit(logical.getTIME().getUnit()), bitWidth);
            }
            if (logical.isSetTIMESTAMP()) {
                String zone = logical.getTIMESTAMP().isIsAdjustedToUTC() ? "UTC" : null;
                return new LogicalType.Timestamp(unit(logical.getTIMESTAMP().getUnit()), zone);
            }
            if (logical.isSetDECIMAL()) {
                return decimal(element, logical.getDECIMAL().getPrecision(), logical.getDECIMAL().getScale());
            }
            if (logical.isSetUNKNOWN()) {
                return new LogicalType.Null();
            }
        }
        ConvertedType converted = element.getConverted_type();
        if (converted == null) {
            return new LogicalType.Int(bitWidth, true);
        }
        return switch (converted) {
            case DATE -> new LogicalType.Date(32);
            case TIME_MILLIS -> new LogicalType.Time(TimeUnit.MILLISECOND, 32);
            case TIME_MICROS -> new LogicalType.Time(TimeUnit.MICROSECOND, 64);
            case TIMESTAMP_MILLIS -> new LogicalType.Timestamp(TimeUnit.MILLISECOND, "UTC");
            case TIMESTAMP_MICROS -> new LogicalType.Timestamp(TimeUnit.MICROSECOND, "UTC");
            case INT_8 -> new LogicalType.Int(8, true);
            case INT_16 -> new LogicalType.Int(16, true);
            case UINT_8 -> new LogicalType.Int(8, false);
            case UINT_16 -> new LogicalType.Int(16, false);
            case UINT_32 -> new LogicalType.Int(32, false);
            case UINT_64 -> new LogicalType.Int(64, false);
            case DECIMAL -> decimal(element, element.getPrecision(), element.getScale());
            default -> new LogicalType.Int(bitWidth, true);
        };
    }

    private LogicalType whole(SchemaElement element, int bitWidth, boolean signed) {
        int stored = element.getType() == Type.INT32 ? 32 : 64;
        if (bitWidth != stored && (stored == 64 || (bitWidth != 8 && bitWidth != 16))) {
            throw file.corrupt(footerOffset, "schema",
                    "column '" + element.getName() + "': whole numbers of " + bitWidth + " bits in " + element.getType());
        }
        return new LogicalType.Int(bitWidth, signed);
    }

    private LogicalType decimal(SchemaElement element, int precision, int scale) {
        if (precision < 1 || precision > 76 || scale < 0 || scale > precision) {
            throw file.unsupported("column '" + element.getName() + "': decimal(" + precision + ", " + scale + ")");
        }
        return new LogicalType.Decimal(precision <= 38 ? 128 : 256, precision, scale);
    }

    private LogicalType ofBytes(SchemaElement element) {
        org.apache.parquet.format.LogicalType logical = element.getLogicalType();
        ConvertedType converted = element.getConverted_type();
        if (logical != null && logical.isSetDECIMAL()) {
            return decimal(element, logical.getDECIMAL().getPrecision(), logical.getDECIMAL().getScale());
        }
        if (converted == ConvertedType.DECIMAL) {
            return decimal(element, element.getPrecision(), element.getScale());
        }
        boolean text = logical != null
                ? logical.isSetSTRING() || logical.isSetJSON() || logical.isSetENUM()
                : converted == ConvertedType.UTF8 || converted == ConvertedType.JSON || converted == ConvertedType.ENUM;
        return text ? new LogicalType.Utf8(false) : new LogicalType.Binary(false);
    }

    private LogicalType ofFixedBytes(SchemaElement element) {
        org.apache.parquet.format.LogicalType logical = element.getLogicalType();
        if (logical != null && logical.isSetDECIMAL()) {
            return decimal(element, logical.getDECIMAL().getPrecision(), logical.getDECIMAL().getScale());
        }
        if (element.getConverted_type() == ConvertedType.DECIMAL) {
            return decimal(element, element.getPrecision(), element.getScale());
        }
        if (logical != null && logical.isSetFLOAT16() && element.getType_length() == 2) {
            return new LogicalType.FloatingPoint(16);
        }
        return new LogicalType.FixedSizeBinary(element.getType_length());
    }

    private TimeUnit unit(org.apache.parquet.format.TimeUnit unit) {
        return unit.isSetMILLIS() ? TimeUnit.MILLISECOND : unit.isSetMICROS() ? TimeUnit.MICROSECOND : TimeUnit.NANOSECOND;
    }

    /// What the writer had, where it can be made of the stored values; else what Parquet says.
    private static LogicalType restored(LogicalType natural, LogicalType origin, Type physical) {
        boolean possible = switch (origin) {
            case LogicalType.Utf8 _ -> natural instanceof LogicalType.Utf8;
            case LogicalType.Binary _, LogicalType.Json _ -> natural instanceof LogicalType.Binary;
            case LogicalType.Duration _ -> natural.equals(new LogicalType.Int(64, true));
            case LogicalType.Date _ -> natural instanceof LogicalType.Date;
            case LogicalType.Int(int bitWidth, boolean signed) ->
                bitWidth == 32 && !signed && natural.equals(new LogicalType.Int(64, true));
            case LogicalType.Decimal(int bitWidth, int precision, int scale) ->
                natural instanceof LogicalType.Decimal(int naturalWidth, int naturalPrecision, int naturalScale)
                        && naturalWidth <= bitWidth && precision == naturalPrecision && scale == naturalScale;
            case LogicalType.Time(TimeUnit unit, int _) ->
                unit == TimeUnit.SECOND && natural.equals(new LogicalType.Time(TimeUnit.MILLISECOND, 32));
            case LogicalType.BFloat16 _ -> natural.equals(new LogicalType.FixedSizeBinary(2));
            case LogicalType.FloatingPoint(int bitWidth) ->
                bitWidth == 16 && natural.equals(new LogicalType.FixedSizeBinary(2));
            case LogicalType.Timestamp _, LogicalType.Null _, LogicalType.Bool _, LogicalType.FixedSizeBinary _,
                    LogicalType.Dictionary _, LogicalType.FixedSizeList _, LogicalType.Struct _, LogicalType.List _,
                    LogicalType.Map _ -> false;
        };
        if (possible) {
            return origin;
        }
        if (origin instanceof LogicalType.Timestamp(TimeUnit unit, String zone)
                && natural instanceof LogicalType.Timestamp(TimeUnit naturalUnit, String naturalZone)
                && physical == Type.INT64) {
            boolean seconds = unit == TimeUnit.SECOND && naturalUnit == TimeUnit.MILLISECOND;
            // Parquet knows but one zone
            String kept = naturalZone != null && zone != null ? zone : naturalZone;
            return new LogicalType.Timestamp(seconds ? unit : naturalUnit, kept);
        }
        return natural;
    }

    private static Conversion conversion(Type physical, LogicalType natural, LogicalType target) {
        return switch (target) {
            case LogicalType.Null _ -> Conversion.NULL;
            case LogicalType.Bool _ -> Conversion.BOOL;
            case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ -> Conversion.BYTES;
            case LogicalType.Decimal _ ->
                physical == Type.INT32 || physical == Type.INT64 ? Conversion.DECIMAL_OF_INT : Conversion.DECIMAL_OF_BYTES;
            case LogicalType.Int(int bitWidth, boolean _) ->
                bitWidth == (physical == Type.INT32 ? 32 : 64) ? Conversion.NONE : Conversion.NARROW;
            case LogicalType.Date(int bitWidth) -> bitWidth == 64 ? Conversion.DAYS_TO_MILLIS : Conversion.NONE;
            case LogicalType.Time(TimeUnit unit, int _) ->
                unit == TimeUnit.SECOND ? Conversion.MILLIS_TO_SECONDS : Conversion.NONE;
            case LogicalType.Timestamp(TimeUnit unit, String _) -> {
                if (physical == Type.INT96) {
                    yield Conversion.INT96;
                }
                yield unit == TimeUnit.SECOND ? Conversion.MILLIS_TO_SECONDS : Conversion.NONE;
            }
            case LogicalType.FloatingPoint _, LogicalType.FixedSizeBinary _, LogicalType.Duration _,
                    LogicalType.BFloat16 _ -> Conversion.NONE;
            case LogicalType.Dictionary _, LogicalType.FixedSizeList _, LogicalType.Struct _, LogicalType.List _,
                    LogicalType.Map _ -> throw new AssertionError(natural);
        };
    }
}
