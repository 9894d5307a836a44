// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.IntFunction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/// Writes the values of one vector as JSON or as plain text, as the command line's contract has it: floats as the
/// shortest text that reads back the same, decimals as strings, times in ISO 8601 with the digits of their unit,
/// durations as whole numbers, binary in base64, maps as arrays of pairs. Valid as long as its vector.
abstract class CellWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private final FieldVector vector;

    private CellWriter(FieldVector vector) {
        this.vector = vector;
    }

    /// A writer for this vector's type.
    static CellWriter of(FieldVector vector) {
        return switch (vector) {
            case ExtensionTypeVector<?> v -> of((FieldVector) v.getUnderlyingVector());
            case NullVector v -> plain(v, _ -> "null");
            case BitVector v -> plain(v, row -> v.get(row) != 0 ? "true" : "false");
            case TinyIntVector v -> plain(v, row -> Integer.toString(v.get(row)));
            case SmallIntVector v -> plain(v, row -> Integer.toString(v.get(row)));
            case IntVector v -> plain(v, row -> Integer.toString(v.get(row)));
            case BigIntVector v -> plain(v, row -> Long.toString(v.get(row)));
            case UInt1Vector v -> plain(v, row -> Integer.toString(Byte.toUnsignedInt(v.get(row))));
            case UInt2Vector v -> plain(v, row -> Integer.toString(v.get(row)));
            case UInt4Vector v -> plain(v, row -> Integer.toUnsignedString(v.get(row)));
            case UInt8Vector v -> plain(v, row -> Long.toUnsignedString(v.get(row)));
            case DurationVector v -> plain(v, row -> Long.toString(DurationVector.get(v.getDataBuffer(), row)));
            case Float2Vector v -> new Floating(v, row -> Numbers.shortestHalf(v.get(row)));
            case Float4Vector v -> new Floating(v, row -> Float.toString(v.get(row)));
            case Float8Vector v -> new Floating(v, row -> Double.toString(v.get(row)));
            case DecimalVector v -> text(v, row -> v.getObjectNotNull(row).toPlainString());
            case Decimal256Vector v -> text(v, row -> v.getObjectNotNull(row).toPlainString());
            case VarCharVector v -> text(v, row -> Strings.utf8(v.get(row)));
            case LargeVarCharVector v -> text(v, row -> Strings.utf8(v.get(row)));
            case VarBinaryVector v -> base64(v, v::get);
            case LargeVarBinaryVector v -> base64(v, v::get);
            case FixedSizeBinaryVector v -> base64(v, v::get);
            case DateDayVector v -> text(v, row -> Times.date(v.get(row)));
            case DateMilliVector v -> text(v, row -> Times.date(Math.floorDiv(v.get(row), 86_400_000L)));
            case TimeSecVector v -> text(v, row -> Times.time(v.get(row), TimeUnit.SECOND));
            case TimeMilliVector v -> text(v, row -> Times.time(v.get(row), TimeUnit.MILLISECOND));
            case TimeMicroVector v -> text(v, row -> Times.time(v.get(row), TimeUnit.MICROSECOND));
            case TimeNanoVector v -> text(v, row -> Times.time(v.get(row), TimeUnit.NANOSECOND));
            case TimeStampVector v -> timestamp(v);
            case StructVector v -> new Struct(v);
            case MapVector v -> new Pairs(v);
            case ListVector v -> new Items(v, of(v.getDataVector()), v::getElementStartIndex, v::getElementEndIndex);
            case LargeListVector v ->
                new Items(v, of(v.getDataVector()), row -> (int) v.getElementStartIndex(row), row -> (int) v.getElementEndIndex(row));
            case FixedSizeListVector v ->
                new Items(v, of(v.getDataVector()), row -> row * v.getListSize(), row -> (row + 1) * v.getListSize());
            default ->
                throw new IllegalArgumentException(
                        "column " + vector.getName() + ": " + vector.getField().getType() + " cannot be written as text");
        };
    }

    private static CellWriter timestamp(TimeStampVector vector) {
        ArrowType.Timestamp type = (ArrowType.Timestamp) vector.getField().getType();
        String zone = type.getTimezone();
        return text(vector, row -> Times.timestamp(vector.get(row), type.getUnit(), zone));
    }

    private static CellWriter plain(FieldVector vector, IntFunction<String> textOfRow) {
        return new Scalar(vector, false, textOfRow);
    }

    private static CellWriter text(FieldVector vector, IntFunction<String> textOfRow) {
        return new Scalar(vector, true, textOfRow);
    }

    private static CellWriter base64(FieldVector vector, IntFunction<byte[]> bytesOfRow) {
        return text(vector, row -> Base64.getEncoder().encodeToString(bytesOfRow.apply(row)));
    }

    final boolean isNull(int row) {
        return vector.isNull(row);
    }

    /// Writes the value, or null.
    final void json(JsonGenerator json, int row) throws IOException {
        if (isNull(row)) {
            json.writeNull();
        } else {
            jsonValue(json, row);
        }
    }

    abstract void jsonValue(JsonGenerator json, int row) throws IOException;

    /// The value, which is not null, as text: nested values as JSON, others bare.
    String text(int row) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            jsonValue(json, row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /// As {@link #text}, but long lists show their first items and their size alone.
    String shortText(int row) {
        return text(row);
    }

    private static final class Scalar extends CellWriter {
        private final boolean quoted;
        private final IntFunction<String> textOfRow;

        Scalar(FieldVector vector, boolean quoted, IntFunction<String> textOfRow) {
            super(vector);
            this.quoted = quoted;
            this.textOfRow = textOfRow;
        }

        @Override
        void jsonValue(JsonGenerator json, int row) throws IOException {
            if (quoted) {
                json.writeString(textOfRow.apply(row));
            } else {
                json.writeRawValue(textOfRow.apply(row));
            }
        }

        @Override
        String text(int row) {
            return textOfRow.apply(row);
        }
    }

    private static final class Floating extends CellWriter {
        private final IntFunction<String> textOfRow;

        Floating(FieldVector vector, IntFunction<String> textOfRow) {
            super(vector);
            this.textOfRow = textOfRow;
        }

        @Override
        void jsonValue(JsonGenerator json, int row) throws IOException {
            String text = textOfRow.apply(row);
            if (text.endsWith("N") || text.endsWith("y")) {
                json.writeString(text);
            } else {
                json.writeRawValue(text);
            }
        }

        @Override
        String text(int row) {
            return textOfRow.apply(row);
        }
    }

    private static final class Items extends CellWriter {
        private static final int SHOWN_ITEMS = 3;

        private final CellWriter items;
        private final IntFunction<Integer> startOfRow;
        private final IntFunction<Integer> endOfRow;

        Items(FieldVector vector, CellWriter items, IntFunction<Integer> startOfRow, IntFunction<Integer> endOfRow) {
            super(vector);
            this.items = items;
            this.startOfRow = startOfRow;
            this.endOfRow = endOfRow;
        }

        @Override
        void jsonValue(JsonGenerator json, int row) throws IOException {
            json.writeStartArray();
            int end = endOfRow.apply(row);
            for (int item = startOfRow.apply(row); item < end; item++) {
                items.json(json, item);
            }
            json.writeEndArray();
        }

        @Override
        String shortText(int row) {
            int start = startOfRow.apply(row);
            int count = endOfRow.apply(row) - start;
            if (count <= SHOWN_ITEMS + 1) {
                return text(row);
            }
            StringBuilder text = new StringBuilder("[");
            for (int item = start; item < start + SHOWN_ITEMS; item++) {
                text.append(items.isNull(item) ? "null" : items.shortText(item)).append(", ");
            }
            return text.append("… ").append(count).append(" values]").toString();
        }
    }

    private static final class Pairs extends CellWriter {
        private final MapVector map;
        private final CellWriter keys;
        private final CellWriter values;

        Pairs(MapVector map) {
            super(map);
            this.map = map;
            StructVector entries = (StructVector) map.getDataVector();
            this.keys = of((FieldVector) entries.getChildByOrdinal(0));
            this.values = of((FieldVector) entries.getChildByOrdinal(1));
        }

        @Override
        void jsonValue(JsonGenerator json, int row) throws IOException {
            json.writeStartArray();
            for (int entry = map.getElementStartIndex(row); entry < map.getElementEndIndex(row); entry++) {
                json.writeStartArray();
                keys.json(json, entry);
                values.json(json, entry);
                json.writeEndArray();
            }
            json.writeEndArray();
        }
    }

    private static final class Struct extends CellWriter {
        private final List<String> names = new ArrayList<>();
        private final List<CellWriter> fields = new ArrayList<>();

        Struct(StructVector vector) {
            super(vector);
            for (FieldVector child : vector.getChildrenFromFields()) {
                names.add(child.getName());
                fields.add(of(child));
            }
        }

        @Override
        void jsonValue(JsonGenerator json, int row) throws IOException {
            json.writeStartObject();
            for (int i = 0; i < fields.size(); i++) {
                json.writeFieldName(names.get(i));
                fields.get(i).json(json, row);
            }
            json.writeEndObject();
        }
    }
}
