// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.joust.format.batch.Batch;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// An order of rows by one or more expressions: `a desc`, `length(b)`, `c nulls first`. Ascending and nulls last where
/// nothing else is said. Floating point values are in total order: NaN above all numbers, -0 below 0. Immutable and
/// thread-safe.
///
/// A row's place is written as bytes, which compare as unsigned numbers in the order wanted.
public final class RowOrder {
    private static final byte FIRST = 0;
    private static final byte MIDDLE = 1;
    private static final byte LAST = 2;
    private static final int DECIMAL_BYTES = 48;

    /// What rows are ordered by, one after the other.
    record Key(Expression expression, boolean descending, boolean nullsFirst) {}

    private final List<Key> keys;
    private final Set<String> columns;

    private RowOrder(List<Key> keys) {
        this.keys = List.copyOf(keys);
        Set<String> names = new LinkedHashSet<>();
        keys.forEach(key -> key.expression().collectColumns(names));
        this.columns = Set.copyOf(names);
    }

    /// @param texts  `expression [asc|desc] [nulls first|last]`, each
    /// @throws FilterException if one is none, or its values have no order
    public static RowOrder parse(List<String> texts, Schema schema, Dialect dialect) {
        return new RowOrder(texts.stream()
                .map(text -> ExpressionParser.parseOrderKey(text, schema, dialect))
                .toList());
    }

    /// Names of the top-level columns that it looks at.
    public Set<String> columns() {
        return columns;
    }

    /// Takes the places of rows.
    @FunctionalInterface
    public interface Visitor {
        /// @param place  reused for the next row
        /// @param length bytes of it that count
        void visit(int row, byte[] place, int length);
    }

    /// Shows the place of each row of a batch, which stays the caller's.
    public void places(Batch batch, Visitor visitor) {
        try (Evaluation evaluation = new Evaluation(batch)) {
            List<Values> values = new ArrayList<>();
            keys.forEach(key -> values.add(evaluation.evaluate(key.expression())));
            Place place = new Place();
            for (int row = 0; row < batch.rowCount(); row++) {
                place.length = 0;
                for (int i = 0; i < keys.size(); i++) {
                    place.append(values.get(i), row, keys.get(i));
                }
                visitor.visit(row, place.bytes, place.length);
            }
        }
    }

    /// The bytes of one row.
    private static final class Place {
        private byte[] bytes = new byte[64];
        private int length;

        private void append(Values values, int row, Key key) {
            if (!values.isValid(row)) {
                put(key.nullsFirst() ? FIRST : LAST);
                return;
            }
            put(MIDDLE);
            int start = length;
            switch (values) {
                case Values.Bools bools -> put((byte) (bools.get(row) ? 1 : 0));
                case Values.Longs longs -> {
                    boolean unsigned = Types.value(key.expression().type()).equals(Types.UINT64);
                    putLong(longs.get(row) ^ (unsigned ? 0 : Long.MIN_VALUE));
                }
                case Values.Doubles doubles -> {
                    long bits = Double.doubleToRawLongBits(doubles.get(row));
                    putLong(bits ^ ((bits >> 63) | Long.MIN_VALUE));
                }
                case Values.Decimals decimals ->
                    putDecimal(decimals.get(row), (LogicalType.Decimal) Types.value(key.expression().type()));
                case Values.Bytes text -> putBytes(text.get(row));
                case Values.Nulls _, Values.Nested _ -> throw new IllegalArgumentException("no order: " + key.expression());
            }
            for (int i = start; key.descending() && i < length; i++) {
                bytes[i] = (byte) ~bytes[i];
            }
        }

        private void put(byte value) {
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, length * 2);
            }
            bytes[length++] = value;
        }

        /// The high byte first.
        private void putLong(long value) {
            for (int shift = 56; shift >= 0; shift -= 8) {
                put((byte) (value >>> shift));
            }
        }

        private void putDecimal(BigDecimal value, LogicalType.Decimal type) {
            BigInteger unscaled = value.setScale(type.scale()).unscaledValue();
            byte[] twos = unscaled.toByteArray();
            byte sign = (byte) (unscaled.signum() < 0 ? 0 : 1);
            put(sign);
            for (int i = twos.length; i < DECIMAL_BYTES; i++) {
                put((byte) (sign == 0 ? -1 : 0));
            }
            for (byte next : twos) {
                put(next);
            }
        }

        /// Ends with two zeros; a zero inside is followed by 255, so that a prefix comes first.
        private void putBytes(byte[] value) {
            for (byte next : value) {
                put(next);
                if (next == 0) {
                    put((byte) -1);
                }
            }
            put((byte) 0);
            put((byte) 0);
        }
    }
}
