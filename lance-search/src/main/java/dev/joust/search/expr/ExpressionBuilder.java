// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalType.TimeUnit;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;
import dev.joust.search.expr.Expression.Comparator;
import dev.joust.search.expr.Expression.Literal;
import dev.joust.search.expr.Expression.Operator;
import dev.joust.search.expr.Types.Family;

/// Puts typed expressions together and refuses, by position, what does not fit.
final class ExpressionBuilder {
    private final String text;
    private final Schema schema;
    /// The same for every `now()` of the expression.
    private final Instant now = Instant.now();
    private boolean belowNot;
    private @Nullable Token lastOperator;

    ExpressionBuilder(String text, Schema schema) {
        this.text = text;
        this.schema = schema;
    }

    /// Says whether what is put together next stands below a NOT, and answers whether it did before.
    boolean belowNot(boolean now) {
        boolean before = belowNot;
        belowNot = now;
        return before;
    }

    static String describe(LogicalType type) {
        return type instanceof LogicalType.Null ? "null" : LogicalTypes.format(type);
    }

    /// @param exact the name was quoted: upper and lower case count
    Expression column(List<String> path, boolean exact, Token token) {
        Field field = topLevel(path.getFirst(), exact, token);
        List<String> names = new ArrayList<>(List.of(field.name()));
        for (String name : path.subList(1, path.size())) {
            if (!(field.type() instanceof LogicalType.Struct)) {
                throw error("column '" + String.join(".", names) + "' is " + describe(field.type())
                        + ", and has no field '" + name + "'", token);
            }
            Field parent = field;
            field = parent.children().stream()
                    .filter(child -> child.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> error(
                            "no field '" + name + "' in column '" + String.join(".", names) + "'; there are "
                                    + parent.children().stream().map(Field::name).toList(),
                            token));
            names.add(name);
        }
        return new Expression.Column(names, field);
    }

    private Field topLevel(String name, boolean exact, Token token) {
        for (Field field : schema.fields()) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        for (Field field : schema.fields()) {
            if (!exact && field.name().equalsIgnoreCase(name)) {
                return field;
            }
        }
        String nearest = nearest(name);
        throw error(
                "no column '" + name + "'" + (nearest == null ? "" : "; did you mean '" + nearest + "'?"), token);
    }

    private @Nullable String nearest(String name) {
        String nearest = null;
        int least = Math.max(2, name.length() / 2) + 1;
        for (Field field : schema.fields()) {
            int distance = distance(name.toLowerCase(Locale.ROOT), field.name().toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                nearest = field.name();
            }
        }
        return nearest;
    }

    /// How many letters have to change (Levenshtein).
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }

    Expression compare(Comparator comparator, Expression left, Expression right, Token token) {
        Expression fittedLeft = fit(left, right, token);
        Expression fittedRight = fit(right, left, token);
        if (Types.common(fittedLeft.type(), fittedRight.type()) == null) {
            throw error(
                    describe(left.type()) + " cannot be compared with " + describe(right.type()) + " by "
                            + comparator.symbol(),
                    token);
        }
        return new Expression.Compare(comparator, fittedLeft, fittedRight);
    }

    /// A literal beside a column, as a value of the column's type.
    private Expression fit(Expression operand, Expression other, Token token) {
        if (!(operand instanceof Literal literal) || !(other instanceof Expression.Column column)) {
            return operand;
        }
        if (belowNot && Types.common(literal.type(), column.type()) != null) {
            return operand;
        }
        Literal fitted = Types.coerce(literal, column.type());
        if (fitted != null) {
            return fitted;
        }
        boolean times = Types.family(literal.type()) == Family.TIME && Types.family(column.type()) == Family.TIME;
        if (times) {
            return literal;
        }
        throw error(
                "literal " + print(literal) + " does not fit column '" + String.join(".", column.path()) + "' of type "
                        + describe(column.type()),
                token);
    }

    static String print(Literal literal) {
        return switch (literal.value()) {
            case null -> "NULL";
            case byte[] bytes when literal.type() instanceof LogicalType.Utf8 ->
                "'" + new String(bytes, StandardCharsets.UTF_8) + "'";
            case byte[] bytes -> "X'" + HexFormat.of().formatHex(bytes) + "'";
            case Long bits when literal.type().equals(Types.UINT64) -> Types.unsigned(bits).toString();
            case Long units when Types.family(literal.type()) == Family.TIME ->
                units + " (" + describe(literal.type()) + ")";
            default -> literal.value().toString();
        };
    }

    Expression logical(boolean and, List<Expression> operands, Token token) {
        operands.forEach(operand -> condition(operand, token));
        return and ? new Expression.And(operands) : new Expression.Or(operands);
    }

    /// The expression itself, which must be a condition (or null).
    Expression condition(Expression expression, Token token) {
        Family family = Types.family(expression.type());
        if (family != Family.BOOL && family != Family.NULL) {
            throw error(token.describe() + " takes conditions, not " + describe(expression.type()), token);
        }
        return expression;
    }

    Expression in(Expression operand, List<Expression> items, Token token) {
        List<Literal> literals = new ArrayList<>();
        List<Expression> tests = new ArrayList<>();
        for (Expression item : items) {
            Expression fitted = fit(item, operand, token);
            LogicalType common = Types.common(operand.type(), fitted.type());
            if (common == null) {
                throw error(describe(operand.type()) + " cannot be compared with " + describe(item.type()), token);
            }
            boolean rounds = belowNot && Types.family(operand.type()) == Family.FLOATING;
            Literal literal = fitted instanceof Literal known && !(rounds && known.value() != null)
                    ? Types.coerce(known, operand.type())
                    : null;
            if (literal == null) {
                tests.add(compare(Comparator.EQUAL, operand, item, token));
            } else {
                literals.add(literal);
            }
        }
        if (tests.isEmpty()) {
            return new Expression.In(operand, literals);
        }
        if (!literals.isEmpty()) {
            tests.add(new Expression.In(operand, literals));
        }
        return new Expression.Or(tests);
    }

    Expression like(Expression operand, Expression pattern, boolean ignoreCase, Token token) {
        for (Expression side : List.of(operand, pattern)) {
            Family family = Types.family(side.type());
            if (family != Family.TEXT && family != Family.NULL) {
                throw error(token.describe() + " takes strings, not " + describe(side.type()), token);
            }
        }
        return new Expression.Like(operand, pattern, ignoreCase);
    }

    Expression arithmetic(Operator operator, Expression left, Expression right, Token token) {
        ArithmeticTypes types = ArithmeticTypes.of(operator, left.type(), right.type());
        if (types == null) {
            throw error(
                    "no " + operator.symbol() + " of " + describe(left.type()) + " and " + describe(right.type()),
                    token);
        }
        lastOperator = token;
        return new Expression.Arithmetic(operator, left, right, types.result());
    }

    /// The arithmetic that is a whole expression: a literal beside a column takes the column's type there, as beside a
    /// comparison. Further down literals keep their own. So the reference has it.
    Expression fitOperands(Expression.Arithmetic whole) {
        Token token = lastOperator == null ? new Token(Token.Kind.END, "", 0) : lastOperator;
        Expression left = whole.left();
        Expression right = whole.right();
        if (left instanceof Literal literal && literal.type().equals(Types.value(right.type()))) {
            return whole; // as it is where a sign was put before a column
        }
        if (left instanceof Expression.Column column && right instanceof Expression.Arithmetic inner) {
            right = fitAll(inner, column, token);
        }
        return arithmetic(whole.operator(), fit(left, right, token), fit(right, left, token), token);
    }

    private Expression fitAll(Expression operand, Expression.Column column, Token token) {
        return operand instanceof Expression.Arithmetic inner
                ? arithmetic(
                        inner.operator(), fitAll(inner.left(), column, token), fitAll(inner.right(), column, token), token)
                : fit(operand, column, token);
    }

    Expression item(Expression list, Expression index, Token token) {
        if (!ListEvaluation.isList(list.type())) {
            throw error(describe(list.type()) + " has no items", token);
        }
        if (Types.family(index.type()) != Family.WHOLE) {
            throw error("items of lists are counted by whole numbers, not " + describe(index.type()), token);
        }
        return new Expression.ListItem(list, index, ListEvaluation.itemField(list.output("item")));
    }

    Expression list(List<Expression> items, Token token) {
        List<Literal> literals = new ArrayList<>();
        LogicalType common = Expression.NULL;
        for (Expression item : items) {
            if (!(item instanceof Literal literal)) {
                throw error("lists are made of constants", token);
            }
            common = Types.common(common, literal.type());
            if (common == null) {
                throw error("the items of a list are of one type", token);
            }
            literals.add(literal);
        }
        LogicalType type = common;
        return new Expression.ListOf(
                literals.stream()
                        .map(literal -> (Literal) Assignments.fitted(literal, Field.nullable("item", type)))
                        .toList(),
                Field.nullable("item", type));
    }

    Expression negate(Expression operand, Token token) {
        Literal literal = operand instanceof Literal known ? Types.negated(known) : null;
        if (literal != null) {
            return literal;
        }
        boolean unsigned = Types.value(operand.type()) instanceof LogicalType.Int whole && !whole.signed();
        if (unsigned || !Types.isNumber(Types.family(operand.type()))) {
            throw error("no - of " + describe(operand.type()), token);
        }
        LogicalType type = Types.value(operand.type());
        if (Types.family(type) == Family.FLOATING) {
            // 0 - x has no negative zero
            return new Expression.Arithmetic(Operator.MULTIPLY, new Literal(-1.0, type), operand, type);
        }
        Literal zero = type instanceof LogicalType.Decimal ? new Literal(BigDecimal.ZERO, type) : new Literal(0L, type);
        return new Expression.Arithmetic(Operator.SUBTRACT, zero, operand, type);
    }

    Expression call(Functions function, List<Expression> arguments, Token token) {
        if (!function.takes(arguments.size())) {
            throw error(function.sqlName() + " does not take " + arguments.size() + " arguments", token);
        }
        LogicalType type;
        try {
            type = FunctionTypes.result(function, arguments);
        } catch (FunctionTypes.Misfit e) {
            throw error(String.valueOf(e.getMessage()), token);
        }
        return switch (function) {
            case NOW -> new Literal(nanos(now), type);
            case TODAY -> new Literal(Math.floorDiv(now.getEpochSecond(), 86_400L), type);
            case TO_TIMESTAMP -> {
                Expression first = arguments.getFirst();
                // Numbers are seconds
                yield Types.family(first.type()) == Family.WHOLE
                        ? cast(cast(first, new LogicalType.Timestamp(TimeUnit.SECOND, null), false, token), type, false, token)
                        : cast(first, type, false, token);
            }
            case TO_TIMESTAMP_SECONDS, TO_TIMESTAMP_MILLIS, TO_TIMESTAMP_MICROS, TO_DATE ->
                cast(arguments.getFirst(), type, false, token);
            case ARRAY_ELEMENT -> item(arguments.get(0), arguments.get(1), token);
            case IS_VALID -> new Expression.Not(new Expression.IsNull(arguments.getFirst()));
            default -> new Expression.Call(function, arguments, type);
        };
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    Expression cast(Expression operand, LogicalType type, boolean orNull, Token token) {
        Family family = Types.family(operand.type());
        if (family == Family.OTHER) {
            throw error(describe(operand.type()) + " cannot be cast", token);
        }
        return new Expression.Cast(operand, type, orNull);
    }

    static @Nullable LogicalType typeNamed(String word, boolean signed, List<Integer> sizes) {
        return switch (word) {
            case "tinyint" -> new LogicalType.Int(8, signed);
            case "smallint" -> new LogicalType.Int(16, signed);
            case "int", "integer" -> new LogicalType.Int(32, signed);
            case "bigint" -> new LogicalType.Int(64, signed);
            case "float" -> new LogicalType.FloatingPoint(32);
            case "double" -> Expression.FLOAT64;
            case "string" -> Expression.TEXT;
            case "binary" -> new LogicalType.Binary(false);
            case "boolean" -> Expression.BOOL;
            case "date" -> Types.DATE;
            case "timestamp", "datetime" ->
                switch (sizes.isEmpty() ? 6 : sizes.getFirst()) {
                    case 0 -> new LogicalType.Timestamp(TimeUnit.SECOND, null);
                    case 3 -> new LogicalType.Timestamp(TimeUnit.MILLISECOND, null);
                    case 6 -> Types.TIMESTAMP;
                    case 9 -> new LogicalType.Timestamp(TimeUnit.NANOSECOND, null);
                    default -> null;
                };
            case "decimal" -> {
                boolean sound = sizes.size() == 2
                        && sizes.get(0) >= 1
                        && sizes.get(0) <= 76
                        && sizes.get(1) <= sizes.get(0);
                yield sound ? new LogicalType.Decimal(sizes.get(0) > 38 ? 256 : 128, sizes.get(0), sizes.get(1)) : null;
            }
            default -> null;
        };
    }

    Expression date(Token token) {
        try {
            return new Literal(LocalDate.parse(token.text()).toEpochDay(), Types.DATE);
        } catch (DateTimeException e) {
            throw error("no date (yyyy-mm-dd): '" + token.text() + "'", token);
        }
    }

    Expression timestamp(Token token) {
        try {
            return Types.timestamp(parseTimestamp(token.text()));
        } catch (DateTimeException | ArithmeticException e) {
            throw error("no timestamp (yyyy-mm-dd hh:mm:ss): '" + token.text() + "'", token);
        }
    }

    /// A date, with a time after a blank or `T`, with an offset or `Z`; without one it is UTC.
    static Instant parseTimestamp(String value) {
        if (value.length() == 10) {
            return LocalDate.parse(value).atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        String iso = value.length() > 10 && value.charAt(10) == ' '
                ? value.substring(0, 10) + 'T' + value.substring(11).replace(" ", "")
                : value;
        boolean local = iso.indexOf('Z') < 0 && iso.indexOf('+') < 0 && iso.indexOf('-', 10) < 0;
        return local
                ? LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC)
                : OffsetDateTime.parse(iso).toInstant();
    }

    Expression decimal(Token token, LogicalType type) {
        Literal literal;
        try {
            BigDecimal value = new BigDecimal(token.text());
            literal = Math.abs((long) value.scale()) > 1000 ? null : Types.coerce(Types.decimal(value), type);
        } catch (NumberFormatException e) {
            literal = null;
        }
        if (literal == null) {
            throw error("'" + token.text() + "' is no " + describe(type), token);
        }
        return literal;
    }

    private FilterException error(String problem, Token token) {
        return new FilterException(problem, text, token.position());
    }
}
