// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// A typed expression over the columns of a table. Immutable. Boolean ones follow three-valued logic: true, false,
/// null (unknown).
public sealed interface Expression {
    LogicalType BOOL = new LogicalType.Bool();
    LogicalType INT64 = new LogicalType.Int(64, true);
    LogicalType FLOAT64 = new LogicalType.FloatingPoint(64);
    LogicalType TEXT = new LogicalType.Utf8(false);
    LogicalType NULL = new LogicalType.Null();

    /// Type of its values.
    LogicalType type();

    /// Expressions directly below.
    List<Expression> operands();

    /// The field of a column that holds its values. What a dictionary encodes comes as it is.
    default Field output(String name) {
        return Field.nullable(name, Types.value(type()));
    }

    /// Adds the names of the top-level columns that the expression reads.
    default void collectColumns(Set<String> names) {
        operands().forEach(operand -> operand.collectColumns(names));
    }

    /// Adds the paths of the columns, and fields of struct columns, that the expression reads.
    default void collectPaths(Set<List<String>> paths) {
        operands().forEach(operand -> operand.collectPaths(paths));
    }

    /// A column, or a field of a struct column.
    ///
    /// @param path  names from the top-level column down
    /// @param field as the schema has it: for lists and structs, what is in them
    record Column(List<String> path, Field field) implements Expression {
        public Column {
            path = List.copyOf(path);
        }

        @Override
        public LogicalType type() {
            return field.type();
        }

        @Override
        public Field output(String name) {
            return new Field(Field.UNASSIGNED, name, field.type(), field.nullable() || path.size() > 1, field.children(), field.metadata());
        }

        @Override
        public List<Expression> operands() {
            return List.of();
        }

        @Override
        public void collectColumns(Set<String> names) {
            names.add(path.getFirst());
        }

        @Override
        public void collectPaths(Set<List<String>> paths) {
            paths.add(path);
        }
    }

    /// A constant. Whole numbers and times are Long in the type's unit (uint64 as its bits), floating point Double,
    /// decimal BigDecimal, bool Boolean, string and binary byte[]; null of any type is null.
    record Literal(@Nullable Object value, LogicalType type) implements Expression {
        @Override
        public List<Expression> operands() {
            return List.of();
        }
    }

    /// A list of constants, `[1, 2]`.
    ///
    /// @param item what its items are
    record ListOf(List<Literal> items, Field item) implements Expression {
        public ListOf {
            items = List.copyOf(items);
        }

        @Override
        public LogicalType type() {
            return new LogicalType.List(false, false);
        }

        @Override
        public Field output(String name) {
            return Field.nullable(name, type()).withChildren(List.of(item));
        }

        /// The same as a value of a column of lists.
        ListOf into(Field column) {
            Field wanted = column.type() instanceof LogicalType.FixedSizeList
                    ? Columns.itemField(column)
                    : column.children().getFirst();
            List<Literal> fitted = new ArrayList<>();
            for (Literal literal : items) {
                fitted.add((Literal) Assignments.fitted(literal, new Field(Field.UNASSIGNED, column.name(), wanted.type(), true, wanted.children(), Map.of())));
            }
            return new ListOf(fitted, wanted);
        }

        @Override
        public List<Expression> operands() {
            return List.of();
        }
    }

    /// An item of a list, `operand[index]`: counted from 1, from the end where the index is negative, null where there is
    /// none.
    record ListItem(Expression operand, Expression index, Field item) implements Expression {
        @Override
        public LogicalType type() {
            return item.type();
        }

        @Override
        public Field output(String name) {
            return new Field(Field.UNASSIGNED, name, item.type(), true, item.children(), item.metadata());
        }

        @Override
        public List<Expression> operands() {
            return List.of(operand, index);
        }
    }

    /// Comparisons. The last two treat null as a value and are never null.
    enum Comparator {
        EQUAL("="),
        NOT_EQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        DISTINCT("IS DISTINCT FROM"),
        NOT_DISTINCT("IS NOT DISTINCT FROM");

        private final String symbol;

        Comparator(String symbol) {
            this.symbol = symbol;
        }

        String symbol() {
            return symbol;
        }
    }

    /// Floating point values compare in total order: NaN equals NaN and is the greatest, -0 is below 0, but equals it
    /// where one side is a literal.
    record Compare(Comparator comparator, Expression left, Expression right) implements Expression {
        @Override
        public LogicalType type() {
            return BOOL;
        }

        @Override
        public List<Expression> operands() {
            return List.of(left, right);
        }
    }

    record And(List<Expression> operands) implements Expression {
        public And {
            operands = List.copyOf(operands);
        }

        @Override
        public LogicalType type() {
            return BOOL;
        }
    }

    record Or(List<Expression> operands) implements Expression {
        public Or {
            operands = List.copyOf(operands);
        }

        @Override
        public LogicalType type() {
            return BOOL;
        }
    }

    record Not(Expression operand) implements Expression {
        @Override
        public LogicalType type() {
            return BOOL;
        }

        @Override
        public List<Expression> operands() {
            return List.of(operand);
        }
    }

    record IsNull(Expression operand) implements Expression {
        @Override
        public LogicalType type() {
            return BOOL;
        }

        @Override
        public List<Expression> operands() {
            return List.of(operand);
        }
    }

    /// `operand IS TRUE` or `IS FALSE`: never null.
    record IsTruth(Expression operand, boolean truth) implements Expression {
        @Override
        public LogicalType type() {
            return BOOL;
        }

        @Override
        public List<Expression> operands() {
            return List.of(operand);
        }
    }

    /// `operand IN (items)`.
    record In(Expression operand, List<Literal> items) implements Expression {
        public In {
            items = List.copyOf(items);
        }

        @Override
        public LogicalType type() {
            return BOOL;
        }

        @Override
        public List<Expression> operands() {
            return List.of(operand);
        }
    }

    /// `%` any run of characters, `_` one character, backslash takes the next character as it is.
    record Like(Expression operand, Expression pattern, boolean ignoreCase) implements Expression {
        @Override
        public LogicalType type() {
            return BOOL;
        }

        @Override
        public List<Expression> operands() {
            return List.of(operand, pattern);
        }
    }

    enum Operator {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        DIVIDE("/"),
        REMAINDER("%");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        String symbol() {
            return symbol;
        }
    }

    /// Whole numbers wrap at the width of `type`, and truncate when divided.
    record Arithmetic(Operator operator, Expression left, Expression right, LogicalType type) implements Expression {
        @Override
        public List<Expression> operands() {
            return List.of(left, right);
        }
    }

    /// A function of {@link Functions}.
    record Call(Functions function, List<Expression> operands, LogicalType type) implements Expression {
        public Call {
            operands = List.copyOf(operands);
        }
    }

    /// @param orNull null where a value does not convert (`TRY_CAST`); else that is an error
    record Cast(Expression operand, LogicalType type, boolean orNull) implements Expression {
        @Override
        public List<Expression> operands() {
            return List.of(operand);
        }
    }
}
