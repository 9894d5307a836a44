// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.lang.foreign.Arena;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.search.expr.Expression.Literal;

/// Lists: constant ones, their items, and what functions ask of them.
final class ListEvaluation {
    private ListEvaluation() {}

    /// A list of constants as one row.
    static Values constant(Expression.ListOf list, Arena arena) {
        Field field = Field.nullable("item", new LogicalType.List(false, false))
                .withChildren(List.of(new Field(
                        Field.UNASSIGNED, "item", list.item().type(), true, list.item().children(), Map.of())));
        ColumnBuilder builder = ColumnBuilder.of(field);
        List<@Nullable Object> items = new ArrayList<>();
        list.items().forEach(literal -> items.add(javaValue(literal)));
        builder.append(items);
        return new Values.Nested(builder.build(arena), null, true);
    }

    private static @Nullable Object javaValue(Literal literal) {
        LogicalType type = Types.value(literal.type());
        return switch (literal.value()) {
            case Long bits when type.equals(Types.UINT64) -> Types.unsigned(bits);
            case Long days when type instanceof LogicalType.Date(int bitWidth) ->
                LocalDate.ofEpochDay(bitWidth == 32 ? days : Math.floorDiv(days, 86_400_000L));
            case BigDecimal decimal when type instanceof LogicalType.Decimal d -> decimal.setScale(d.scale());
            case null -> null;
            default -> literal.value();
        };
    }

    /// Where the items of a row start among all items.
    static int start(ColumnBuffers lists, int row) {
        return Math.toIntExact(
                lists.field().type() instanceof LogicalType.FixedSizeList(_, int dimension)
                        ? (long) row * dimension
                        : Columns.offset(lists, row));
    }

    static int end(ColumnBuffers lists, int row) {
        return start(lists, row + 1);
    }

    /// Of a column of lists.
    static Field itemField(Field list) {
        return list.type() instanceof LogicalType.FixedSizeList
                ? Columns.itemField(list)
                : list.children().getFirst();
    }

    static boolean isList(LogicalType type) {
        return type instanceof LogicalType.List || type instanceof LogicalType.FixedSizeList;
    }

    static Values item(Expression.ListItem expression, Evaluation evaluation) {
        Values operand = evaluation.evaluate(expression.operand());
        Values index = evaluation.evaluate(expression.index());
        if (!(operand instanceof Values.Nested lists) || !(index instanceof Values.Longs places)) {
            return new Values.Nulls();
        }
        int count = evaluation.rowCount();
        int[] items = new int[count];
        for (int row = 0; row < count; row++) {
            items[row] = lists.isValid(row) && places.isValid(row) ? place(lists, row, places.get(row)) : -1;
        }
        ColumnBuffers taken = Columns.take(lists.column.children().getFirst(), items, evaluation.arena());
        return ColumnLoader.load(taken, evaluation.arena());
    }

    /// Which of all items it is; -1 for none.
    private static int place(Values.Nested lists, int row, long place) {
        int start = start(lists.column, lists.slot(row));
        int end = end(lists.column, lists.slot(row));
        if (place > 0 && place <= end - start) {
            return (int) (start + place - 1);
        }
        return place < 0 && -place <= end - start ? (int) (end + place) : -1;
    }

    /// How many items each list has.
    static Values lengths(Values operand, int rowCount) {
        if (!(operand instanceof Values.Nested lists)) {
            return new Values.Nulls();
        }
        long[] lengths = new long[lists.constant ? 1 : rowCount];
        for (int row = 0; row < lengths.length; row++) {
            lengths[row] = lists.isValid(row) ? end(lists.column, row) - start(lists.column, row) : 0;
        }
        return new Values.Longs(lengths, lists.valid, lists.constant);
    }

    /// `array_has`, `array_position`: which item is the first that equals a value, from 1; 0 where none is.
    static Values positions(Expression.Call call, Evaluation evaluation) {
        Expression value = call.operands().get(1);
        Values operand = evaluation.evaluate(call.operands().get(0));
        LogicalType itemType = itemField(call.operands().get(0).output("")).type();
        LogicalType common = Types.common(itemType, value.type());
        Values wanted = common == null ? new Values.Nulls() : evaluation.load(value, common);
        if (!(operand instanceof Values.Nested lists) || wanted instanceof Values.Nulls || common == null) {
            return new Values.Nulls();
        }
        Values items = items(lists, itemType, common, evaluation);
        int count = lists.constant && wanted.constant ? 1 : evaluation.rowCount();
        long[] valid = Evaluation.bothValid(lists, wanted, count);
        long[] found = new long[count];
        boolean literal = value instanceof Literal;
        for (int row = 0; row < count; row++) {
            if (valid == null || Values.bit(valid, row)) {
                found[row] = position(lists, row, items, wanted, row, common, literal);
            }
        }
        return new Values.Longs(found, valid, count == 1 && lists.constant && wanted.constant);
    }

    private static Values items(Values.Nested lists, LogicalType itemType, LogicalType common, Evaluation evaluation) {
        ColumnBuffers all = lists.column.children().getFirst();
        return Casts.widen(ColumnLoader.load(all, evaluation.arena()), itemType, common, all.rowCount());
    }

    private static int position(
            Values.Nested lists, int row, Values items, Values wanted, int wantedRow, LogicalType type, boolean literal) {
        int start = start(lists.column, lists.slot(row));
        int end = end(lists.column, lists.slot(row));
        for (int item = start; item < end; item++) {
            if (items.isValid(item) && Comparisons.order(items, item, wanted, wantedRow, type, literal) == 0) {
                return item - start + 1;
            }
        }
        return 0;
    }

    /// `array_has_any`, `array_has_all`: whether a list has some or all of the items of another.
    static Values overlaps(Expression.Call call, boolean all, Evaluation evaluation) {
        Values left = evaluation.evaluate(call.operands().get(0));
        Values right = evaluation.evaluate(call.operands().get(1));
        LogicalType leftItem = itemField(call.operands().get(0).output("")).type();
        LogicalType rightItem = itemField(call.operands().get(1).output("")).type();
        LogicalType common = Types.common(leftItem, rightItem);
        if (!(left instanceof Values.Nested lists) || !(right instanceof Values.Nested others) || common == null) {
            return new Values.Nulls();
        }
        Values items = items(lists, leftItem, common, evaluation);
        Values wanted = items(others, rightItem, common, evaluation);
        if (items instanceof Values.Nulls || wanted instanceof Values.Nulls) {
            return new Values.Nulls();
        }
        boolean constant = lists.constant && others.constant;
        int count = constant ? 1 : evaluation.rowCount();
        long[] valid = Evaluation.bothValid(lists, others, count);
        long[] bits = new long[Values.words(count)];
        for (int row = 0; row < count; row++) {
            if (valid != null && !Values.bit(valid, row)) {
                continue;
            }
            boolean holds = all;
            int end = end(others.column, others.slot(row));
            for (int item = start(others.column, others.slot(row)); item < end && holds == all; item++) {
                boolean found = wanted.isValid(item) && position(lists, row, items, wanted, item, common, true) > 0;
                holds = found;
            }
            if (holds) {
                Values.setBit(bits, row);
            }
        }
        return new Values.Bools(bits, valid, constant);
    }
}
