// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;

class ExpressionParserTest {
    private static final Schema SCHEMA = new Schema(
            List.of(
                    Field.nullable("id", LogicalTypes.parse("int32")),
                    Field.nullable("name", LogicalTypes.parse("string")),
                    Field.nullable("price", LogicalTypes.parse("double")),
                    Field.nullable("day", LogicalTypes.parse("date32:day")),
                    Field.nullable("at", LogicalTypes.parse("timestamp:us:-")),
                    Field.nullable("cost", LogicalTypes.parse("decimal:128:10:2")),
                    Field.nullable("my col", LogicalTypes.parse("int32")),
                    Field.nullable("kind", LogicalTypes.parse("dict:string:int8:false")),
                    Field.nullable("spot", new LogicalType.Struct())
                            .withChildren(List.of(
                                    Field.nullable("x", LogicalTypes.parse("int32")),
                                    Field.nullable("label", LogicalTypes.parse("string"))))),
            Map.of());

    private static Batch rows(ArrowMemory memory) {
        return ColumnBuilder.batch(
                SCHEMA,
                List.of(
                        new Object[] {
                            1, "a", 1.5, LocalDate.of(2024, 1, 1), Instant.parse("2024-01-01T00:00:00Z"),
                            new BigDecimal("1.50"), 10, "red", Map.of("x", 1, "label", "p")
                        },
                        new Object[] {
                            2, "it's", 2.5, LocalDate.of(2024, 1, 2), Instant.parse("2024-01-02T00:00:00Z"),
                            new BigDecimal("2.50"), 20, "blue", Map.of("x", 2)
                        },
                        new Object[] {null, null, null, null, null, null, null, null, null}),
                memory);
    }

    private static String select(String filter, Dialect dialect, Object... parameters) {
        try (ArrowMemory memory = new ArrowMemory(1 << 20);
                Batch rows = rows(memory)) {
            BitSet selected = new ExpressionEvaluator(
                            ExpressionParser.parseFilter(filter, SCHEMA, dialect, Arrays.asList(parameters)))
                    .select(rows);
            return selected.toString();
        }
    }

    @Test
    void parametersStandForTheirValues() {
        assertEquals("{0}", select("id = ?", Dialect.LANCE, 1));
        assertEquals("{1}", select("name = ? AND id > ?", Dialect.LANCE, "it's", 1L));
        assertEquals("{0, 1}", select("id IN (?)", Dialect.LANCE, List.of(1, 2, 3)));
        assertEquals("{1}", select("id IN (?, ?)", Dialect.LANCE, 7, 2));
        assertEquals("{1}", select("day > ?", Dialect.LANCE, LocalDate.of(2024, 1, 1)));
        assertEquals("{0}", select("at <= ?", Dialect.LANCE, Instant.parse("2024-01-01T00:00:00Z")));
        assertEquals("{1}", select("cost = ?", Dialect.LANCE, new BigDecimal("2.5")));
        assertEquals("{0}", select("price = ?", Dialect.LANCE, 1.5f));
        assertEquals("{}", select("id = ?", Dialect.LANCE, new Object[] {null}));
        assertEquals("{0}", select("name = ?", Dialect.LANCE, "a"));
        assertEquals("{}", select("name = ?", Dialect.LANCE, "a' OR 'a' = 'a"));
    }

    @Test
    void parametersThatAreMissingLeftOverOrOfNoUseAreRefused() {
        assertThrows(FilterException.class, () -> select("id = ?", Dialect.LANCE));
        assertThrows(FilterException.class, () -> select("id = 1", Dialect.LANCE, 1));
        assertThrows(FilterException.class, () -> select("id = ?", Dialect.LANCE, new Object()));
        assertThrows(FilterException.class, () -> select("id = ?", Dialect.LANCE, 1.0));
        assertThrows(FilterException.class, () -> select("id = ?", Dialect.LANCE, 1L << 40));
    }

    @Test
    void theDialectSaysWhatDoubleQuotesAre() {
        assertEquals("{0}", select("name = \"a\"", Dialect.LANCE));
        assertEquals("{0}", select("\"name\" = 'a'", Dialect.LANCEDB));
        assertEquals("{1}", select("\"my col\" = 20", Dialect.LANCEDB));
        assertEquals("{1}", select("`my col` = 20", Dialect.LANCEDB));
        assertThrows(FilterException.class, () -> select("name = \"a\"", Dialect.LANCEDB));
    }

    @Test
    void dictionariesAndFieldsOfStructsAreRead() {
        assertEquals("{1}", select("kind = 'blue'", Dialect.LANCE));
        assertEquals("{0, 1}", select("kind IN ('blue', 'red')", Dialect.LANCE));
        assertEquals("{2}", select("kind IS NULL", Dialect.LANCE));
        assertEquals("{1}", select("spot.x = 2", Dialect.LANCE));
        assertEquals("{1, 2}", select("spot['label'] IS NULL", Dialect.LANCE));
        assertEquals("{2}", select("spot IS NULL", Dialect.LANCE));
    }

    private static String refusal(String filter) {
        return assertThrows(FilterException.class, () -> ExpressionParser.parseFilter(filter, SCHEMA))
                .getMessage();
    }

    @Test
    void errorsNameTheTokenItsPlaceAndTheNearestColumn() {
        assertEquals("no column 'nmae'; did you mean 'name'? (at 12 in: id > 1 AND nmae = 'a')", refusal("id > 1 AND nmae = 'a'"));
        assertEquals("a value or a column expected, not the end (at 5 in: id >)", refusal("id >"));
        assertEquals("')' expected, not the end (at 8 in: (id > 1)", refusal("(id > 1"));
        assertEquals("the quote ' is not closed (at 8 in: name = 'a)", refusal("name = 'a"));
        assertEquals(
                "literal 3.0 does not fit column 'id' of type int32 (at 4 in: id = 3.0)", refusal("id = 3.0"));
        assertEquals("no field 'y' in column 'spot'; there are [x, label] (at 1 in: spot.y = 1)", refusal("spot.y = 1"));
        assertEquals("the filter is int32, not a condition (at 1 in: id)", refusal("id"));
        assertTrue(refusal("lenght(name) = 1").startsWith("no function 'lenght'; there are length, "));
        int position = assertThrows(FilterException.class, () -> ExpressionParser.parseFilter("id > 1 AND AND", SCHEMA))
                .position();
        assertEquals(11, position);
    }

    @Test
    void hostileFiltersEndInAMessage() {
        refusal("(".repeat(100_000) + "id = 1" + ")".repeat(100_000));
        refusal("NOT ".repeat(100_000) + "id = 1");
        refusal("-".repeat(3) + " " + "- ".repeat(100_000) + "1 = id");
        refusal("id = 1" + " + 1".repeat(100_000));
        refusal("id = 1" + " = true".repeat(100_000));
        refusal("case(".repeat(50_000));
        refusal("lower(".repeat(50_000));
        refusal("\0");
        refusal("");
        assertEquals("{0}", select("id = 1" + " OR id = 1".repeat(50_000), Dialect.LANCE));
        assertEquals("{0, 1}", select("id IN (1" + ", 2".repeat(50_000) + ")", Dialect.LANCE));
        String stars = "%a".repeat(1_000);
        assertEquals("{}", select("name || '" + "a".repeat(5_000) + "b' LIKE '" + stars + "c'", Dialect.LANCE));
    }

    @Test
    void anyTextEitherParsesOrIsRefusedByAFilterException() {
        long seed = Long.getLong("joust.seed", 231_018_918);
        Random random = new Random(seed);
        String[] pieces = {
            "id", "name", "price", "(", ")", "=", "<", ">=", "AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "'a'",
            "1", "1.5", ",", "LIKE", "+", "-", "*", "||", "lower", "cast", "as", "int", "?", "`", "\"", "'", ".", "[",
            "date", "'2024-01-01'", "x'61'", "true", "DISTINCT", "FROM", "decimal", "timestamp", "é", "\\"
        };
        int parsed = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(12); j >= 0; j--) {
                text.append(pieces[random.nextInt(pieces.length)]).append(random.nextInt(4) == 0 ? "" : " ");
            }
            try {
                ExpressionParser.parse(text.toString(), SCHEMA, Dialect.LANCE, List.of(1, 2, 3));
                parsed++;
            } catch (FilterException e) {
                assertTrue(e.position() <= text.length(), "seed " + seed);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
        assertTrue(parsed < 20_000);
    }

    @Test
    void thePredicateNamesTheColumnsItReads() {
        Expression filter = ExpressionParser.parseFilter("spot.x = 1 AND (ID > 2 OR length(name) < 3)", SCHEMA);
        assertEquals(Set.of("spot", "id", "name"), new ExpressionEvaluator(filter).columns());
    }
}
