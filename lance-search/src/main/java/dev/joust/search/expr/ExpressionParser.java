// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.ScanOptions;
import dev.joust.search.expr.Expression.Comparator;
import dev.joust.search.expr.Expression.Literal;
import dev.joust.search.expr.Expression.Operator;

/// Reads filters in the reference's dialect (spec: index format D.1).
///
/// Kept as the reference has them: what follows `IS DISTINCT FROM` is its operand up to the closing bracket; below
/// `NOT (...)` literals are compared in the type that holds both, not in the column's.
/// Different from the reference: what follows a whole expression is refused, not passed over.
public final class ExpressionParser {
    private static final int MAX_DEPTH = 200;
    private static final int MAX_CHAIN = 1000;

    // Precedences: what binds tighter is higher.
    private static final int OR = 1;
    private static final int AND = 2;
    private static final int NOT = 3;
    private static final int IS = 4;
    private static final int LIKE = 5;
    private static final int COMPARE = 6;
    private static final int CONCAT = 7;
    private static final int SUM = 8;
    private static final int PRODUCT = 9;
    private static final int UNARY = 10;

    private static final Set<String> RESERVED = Set.of(
            "and", "or", "not", "in", "is", "like", "ilike", "between", "case", "when", "then", "else", "end", "exists",
            "extract", "interval", "substr", "substring", "similar", "any", "all", "escape", "rlike", "regexp");

    private final String text;
    private final List<Token> tokens;
    private final ExpressionBuilder builder;
    private final List<?> parameters;
    private int at;
    private int depth;
    private int parametersUsed;

    private ExpressionParser(String text, Schema schema, Dialect dialect, List<?> parameters) {
        this.text = text;
        this.tokens = Lexer.tokens(text, dialect);
        this.builder = new ExpressionBuilder(text, schema);
        this.parameters = parameters;
    }

    /// The columns that expressions over a table may name: its own, and those that no file holds.
    public static Schema columnsOf(Schema table) {
        List<Field> fields = new ArrayList<>(table.fields());
        for (String name : ScanOptions.ROW_COLUMNS) {
            if (table.field(name).isEmpty()) {
                boolean version = name.equals(ScanOptions.CREATED_AT_VERSION)
                        || name.equals(ScanOptions.LAST_UPDATED_AT_VERSION);
                fields.add(version ? Field.nullable(name, Types.UINT64) : Field.required(name, Types.UINT64));
            }
        }
        return new Schema(fields, table.metadata());
    }

    /// A filter without parameters, as Python Lance reads it.
    public static Expression parseFilter(String text, Schema schema) {
        return parseFilter(text, schema, Dialect.LANCE, List.of());
    }

    /// @param parameters what the `?` of the text stand for, in order: numbers, strings, dates, times, byte[], null;
    ///                   a collection inside `IN (?)` stands for its elements
    /// @return an expression of type bool
    /// @throws FilterException if the text is no filter on this schema
    public static Expression parseFilter(String text, Schema schema, Dialect dialect, List<?> parameters) {
        ExpressionParser parser = new ExpressionParser(text, schema, dialect, parameters);
        Expression filter = parser.whole();
        if (!(filter.type() instanceof LogicalType.Bool)) {
            throw new FilterException("the filter is " + ExpressionBuilder.describe(filter.type()) + ", not a condition", text, 0);
        }
        return filter;
    }

    /// An expression of any type.
    public static Expression parse(String text, Schema schema, Dialect dialect, List<?> parameters) {
        return new ExpressionParser(text, schema, dialect, parameters).whole();
    }

    /// A column to answer: an expression, with ` as name` behind it or called as it is written.
    public static Projection.Output parseOutput(String text, Schema schema, Dialect dialect) {
        ExpressionParser parser = new ExpressionParser(text, schema, dialect, List.of());
        Expression expression = parser.root();
        String name =
                expression instanceof Expression.Column column ? String.join(".", column.path()) : text.strip();
        if (parser.accept("as")) {
            Token token = parser.tokens.get(parser.at++);
            boolean quoted = token.kind() == Token.Kind.QUOTED_NAME || token.kind() == Token.Kind.STRING;
            if (token.kind() != Token.Kind.NAME && !quoted) {
                throw parser.error("a name expected, not " + token.describe(), token);
            }
            name = token.text();
        }
        parser.requireEnd();
        return new Projection.Output(name, expression);
    }

    static RowOrder.Key parseOrderKey(String text, Schema schema, Dialect dialect) {
        ExpressionParser parser = new ExpressionParser(text, schema, dialect, List.of());
        Expression expression = parser.root();
        if (Types.family(expression.type()) == Types.Family.OTHER) {
            throw parser.error(ExpressionBuilder.describe(expression.type()) + " has no order", parser.tokens.getFirst());
        }
        boolean descending = parser.accept("desc");
        if (!descending) {
            parser.accept("asc");
        }
        boolean nullsFirst = false;
        if (parser.accept("nulls")) {
            nullsFirst = parser.accept("first");
            if (!nullsFirst) {
                parser.expect("last");
            }
        }
        parser.requireEnd();
        return new RowOrder.Key(expression, descending, nullsFirst);
    }

    private Expression whole() {
        Expression expression = root();
        requireEnd();
        return expression;
    }

    private Expression root() {
        Expression expression = expression(0);
        return expression instanceof Expression.Arithmetic arithmetic ? builder.fitOperands(arithmetic) : expression;
    }

    private void requireEnd() {
        if (peek().kind() != Token.Kind.END) {
            throw error("the expression should end before " + peek().describe(), peek());
        }
        if (parametersUsed < parameters.size()) {
            throw error(parameters.size() + " parameters given, " + parametersUsed + " used", peek());
        }
    }

    private Expression expression(int above) {
        if (++depth > MAX_DEPTH) {
            throw error("nested more than " + MAX_DEPTH + " deep", peek());
        }
        Expression left = prefix();
        int chain = 0;
        while (true) {
            Token token = peek();
            int precedence = precedence(token);
            if (precedence <= above) {
                depth--;
                return left;
            }
            if (++chain > MAX_CHAIN) {
                throw error("more than " + MAX_CHAIN + " operators in a row", token);
            }
            left = infix(left, precedence, token);
        }
    }

    private int precedence(Token token) {
        if (token.kind() == Token.Kind.SYMBOL) {
            return switch (token.text()) {
                case "=", "==", "<>", "!=", "<", "<=", ">", ">=" -> COMPARE;
                case "||" -> CONCAT;
                case "+", "-" -> SUM;
                case "*", "/", "%" -> PRODUCT;
                default -> 0;
            };
        }
        if (token.kind() != Token.Kind.NAME) {
            return 0;
        }
        return switch (token.text().toLowerCase(Locale.ROOT)) {
            case "or" -> OR;
            case "and" -> AND;
            case "is" -> IS;
            case "like", "ilike" -> LIKE;
            case "in", "between" -> COMPARE;
            case "not" ->
                peek(1).isWord("in") || peek(1).isWord("between")
                        ? COMPARE
                        : peek(1).isWord("like") || peek(1).isWord("ilike") ? LIKE : 0;
            default -> 0;
        };
    }

    private Expression infix(Expression left, int precedence, Token token) {
        at++;
        return switch (precedence) {
            case OR, AND -> {
                List<Expression> operands = new ArrayList<>(List.of(left));
                do {
                    operands.add(expression(precedence));
                } while (accept(precedence == OR ? "or" : "and"));
                yield builder.logical(precedence == AND, operands, token);
            }
            case IS -> is(left, token);
            case LIKE -> like(left, token);
            case COMPARE -> token.kind() == Token.Kind.SYMBOL ? comparison(left, token) : membership(left, token);
            case CONCAT -> builder.call(Functions.JOIN, List.of(left, expression(CONCAT)), token);
            default -> builder.arithmetic(operator(token), left, expression(precedence), token);
        };
    }

    private static Operator operator(Token token) {
        return switch (token.text()) {
            case "+" -> Operator.ADD;
            case "-" -> Operator.SUBTRACT;
            case "*" -> Operator.MULTIPLY;
            case "/" -> Operator.DIVIDE;
            default -> Operator.REMAINDER;
        };
    }

    private Expression comparison(Expression left, Token token) {
        Comparator comparator =
                switch (token.text()) {
                    case "=", "==" -> Comparator.EQUAL;
                    case "<>", "!=" -> Comparator.NOT_EQUAL;
                    case "<" -> Comparator.LESS;
                    case "<=" -> Comparator.LESS_OR_EQUAL;
                    case ">" -> Comparator.GREATER;
                    default -> Comparator.GREATER_OR_EQUAL;
                };
        if (peek().isWord("any") || peek().isWord("all")) {
            throw error(peek().describe() + " is not supported", peek());
        }
        return builder.compare(comparator, left, expression(COMPARE), token);
    }

    private Expression is(Expression left, Token token) {
        boolean not = accept("not");
        Expression test;
        if (accept("null")) {
            test = new Expression.IsNull(left);
        } else if (accept("true")) {
            test = new Expression.IsTruth(builder.condition(left, token), true);
        } else if (accept("false")) {
            test = new Expression.IsTruth(builder.condition(left, token), false);
        } else if (accept("distinct")) {
            expect("from");
            Comparator comparator = not ? Comparator.NOT_DISTINCT : Comparator.DISTINCT;
            // The whole rest, as the reference reads it.
            return builder.compare(comparator, left, expression(0), token);
        } else {
            throw error("NULL, TRUE, FALSE or DISTINCT FROM expected, not " + peek().describe(), peek());
        }
        return not ? new Expression.Not(test) : test;
    }

    private Expression like(Expression left, Token token) {
        boolean not = token.isWord("not");
        Token word = not ? tokens.get(at++) : token;
        Expression like = builder.like(left, expression(LIKE), word.isWord("ilike"), word);
        if (accept("escape")) {
            throw error("ESCAPE is not supported; the backslash escapes", tokens.get(at - 1));
        }
        return not ? new Expression.Not(like) : like;
    }

    private Expression membership(Expression left, Token token) {
        boolean not = token.isWord("not");
        Token word = not ? tokens.get(at++) : token;
        Expression test = word.isWord("in") ? in(left, word) : between(left, word);
        return not ? new Expression.Not(test) : test;
    }

    private Expression between(Expression operand, Token token) {
        Expression low = expression(COMPARE);
        expect("and");
        Expression high = expression(COMPARE);
        return new Expression.And(List.of(
                builder.compare(Comparator.GREATER_OR_EQUAL, operand, low, token),
                builder.compare(Comparator.LESS_OR_EQUAL, operand, high, token)));
    }

    private Expression in(Expression operand, Token token) {
        expectSymbol("(");
        if (peek().isWord("select")) {
            throw error("a sub-query is not supported", peek());
        }
        List<Expression> items = new ArrayList<>();
        do {
            Token item = peek();
            if (item.kind() == Token.Kind.PARAMETER && nextParameter(item) instanceof Iterable<?> several) {
                at++;
                parametersUsed++;
                several.forEach(one -> items.add(parameter(one, item)));
            } else {
                items.add(expression(0));
            }
        } while (acceptSymbol(","));
        expectSymbol(")");
        return builder.in(operand, items, token);
    }

    private Expression prefix() {
        Token token = tokens.get(at++);
        return switch (token.kind()) {
            case NUMBER -> Types.number(token.text());
            case STRING -> Types.text(token.text());
            case BINARY -> binary(token);
            case PARAMETER -> {
                Expression value = parameter(nextParameter(token), token);
                parametersUsed++;
                yield value;
            }
            case QUOTED_NAME -> column(token);
            case NAME -> named(token);
            case SYMBOL -> {
                if (token.text().equals("(")) {
                    Expression inside = expression(0);
                    expectSymbol(")");
                    yield inside;
                }
                if (token.text().equals("[")) {
                    yield list(token);
                }
                if (token.text().equals("-")) {
                    yield builder.negate(expression(UNARY), token);
                }
                throw error("a value or a column expected, not " + token.describe(), token);
            }
            case END -> throw error("a value or a column expected, not the end", token);
        };
    }

    private Expression binary(Token token) {
        try {
            return new Literal(HexFormat.of().parseHex(token.text()), new LogicalType.Binary(false));
        } catch (IllegalArgumentException e) {
            throw error("pairs of hex digits expected", token);
        }
    }

    private @Nullable Object nextParameter(Token token) {
        if (parametersUsed >= parameters.size()) {
            throw error("no value is given for parameter " + (parametersUsed + 1), token);
        }
        return parameters.get(parametersUsed);
    }

    private Expression parameter(@Nullable Object value, Token token) {
        Literal literal = Types.parameter(value);
        if (literal == null) {
            throw error(
                    value == null ? "no parameter" : "a parameter cannot be a " + value.getClass().getSimpleName(),
                    token);
        }
        return literal;
    }

    private Expression named(Token token) {
        String word = token.text().toLowerCase(Locale.ROOT);
        boolean called = peek().isSymbol("(");
        boolean typed = peek().kind() == Token.Kind.STRING;
        switch (word) {
            case "true", "false" -> {
                return new Literal(word.equals("true"), Expression.BOOL);
            }
            case "null" -> {
                return new Literal(null, Expression.NULL);
            }
            case "not" -> {
                boolean outer = builder.belowNot(true);
                Expression operand = builder.condition(expression(NOT), token);
                builder.belowNot(outer);
                return new Expression.Not(operand);
            }
            case "date" -> {
                if (typed) {
                    return builder.date(tokens.get(at++));
                }
            }
            case "timestamp" -> {
                if (typed) {
                    return builder.timestamp(tokens.get(at++));
                }
            }
            case "decimal" -> {
                if (called) {
                    LogicalType type = type(token);
                    Token value = tokens.get(at++);
                    if (value.kind() != Token.Kind.STRING) {
                        throw error("the decimal's digits expected, in quotes", value);
                    }
                    return builder.decimal(value, type);
                }
            }
            case "cast", "try_cast" -> {
                if (called) {
                    at++;
                    Expression operand = expression(0);
                    expect("as");
                    LogicalType type = type(tokens.get(at++));
                    expectSymbol(")");
                    return builder.cast(operand, type, word.equals("try_cast"), token);
                }
            }
            default -> {}
        }
        if (RESERVED.contains(word)) {
            throw error(token.describe() + " is not supported here", token);
        }
        return called ? call(token) : column(token);
    }

    private Expression call(Token name) {
        Functions function = Functions.named(name.text());
        if (function == null) {
            throw error(
                    "no function " + name.describe() + "; there are " + String.join(", ", Functions.names()), name);
        }
        expectSymbol("(");
        List<Expression> arguments = new ArrayList<>();
        if (!peek().isSymbol(")")) {
            do {
                arguments.add(expression(0));
            } while (acceptSymbol(","));
        }
        expectSymbol(")");
        return builder.call(function, arguments, name);
    }

    private Expression column(Token name) {
        List<String> path = new ArrayList<>(List.of(name.text()));
        while (true) {
            if (acceptSymbol(".")) {
                Token child = tokens.get(at++);
                if (child.kind() != Token.Kind.NAME && child.kind() != Token.Kind.QUOTED_NAME) {
                    throw error("a field's name expected", child);
                }
                path.add(child.text());
            } else if (peek().isSymbol("[") && peek(1).kind() == Token.Kind.STRING) {
                path.add(peek(1).text());
                at += 2;
                expectSymbol("]");
            } else {
                return items(builder.column(path, name.kind() == Token.Kind.QUOTED_NAME, name));
            }
        }
    }

    /// What stands in brackets behind a list.
    private Expression items(Expression column) {
        Expression item = column;
        while (peek().isSymbol("[")) {
            Token bracket = tokens.get(at++);
            Expression index = expression(0);
            expectSymbol("]");
            item = builder.item(item, index, bracket);
        }
        return item;
    }

    private Expression list(Token bracket) {
        List<Expression> items = new ArrayList<>();
        do {
            items.add(expression(0));
        } while (acceptSymbol(","));
        expectSymbol("]");
        return builder.list(items, bracket);
    }

    private LogicalType type(Token name) {
        String word = name.text().toLowerCase(Locale.ROOT);
        List<Integer> sizes = new ArrayList<>();
        if (acceptSymbol("(")) {
            do {
                Token size = tokens.get(at++);
                if (size.kind() != Token.Kind.NUMBER || !size.text().matches("[0-9]{1,3}")) {
                    throw error("a whole number expected", size);
                }
                sizes.add(Integer.parseInt(size.text()));
            } while (acceptSymbol(","));
            expectSymbol(")");
        }
        boolean signed = !accept("unsigned");
        LogicalType type = ExpressionBuilder.typeNamed(word, signed, sizes);
        if (type == null) {
            throw error("no type " + name.describe() + " to cast to", name);
        }
        return type;
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    private boolean accept(String word) {
        if (!peek().isWord(word)) {
            return false;
        }
        at++;
        return true;
    }

    private boolean acceptSymbol(String symbol) {
        if (!peek().isSymbol(symbol)) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(String word) {
        if (!accept(word)) {
            throw error(word.toUpperCase(Locale.ROOT) + " expected, not " + peek().describe(), peek());
        }
    }

    private void expectSymbol(String symbol) {
        if (!acceptSymbol(symbol)) {
            throw error("'" + symbol + "' expected, not " + peek().describe(), peek());
        }
    }

    private FilterException error(String problem, Token token) {
        return new FilterException(problem, text, token.position());
    }
}
