// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/// Functions of the dialect. A null argument gives null, except where said.
enum Functions {
    /// Characters (code points) of a string, bytes of a binary.
    LENGTH(Kind.TEXT, 1, 1, "length", "char_length", "character_length"),
    OCTET_LENGTH(Kind.TEXT, 1, 1, "octet_length"),
    BIT_LENGTH(Kind.TEXT, 1, 1, "bit_length"),
    LOWER(Kind.TEXT, 1, 1, "lower"),
    UPPER(Kind.TEXT, 1, 1, "upper"),
    /// Takes blanks away, or the characters of the second argument.
    TRIM(Kind.TEXT, 1, 2, "btrim", "trim"),
    LTRIM(Kind.TEXT, 1, 2, "ltrim"),
    RTRIM(Kind.TEXT, 1, 2, "rtrim"),
    STARTS_WITH(Kind.TEXT, 2, 2, "starts_with"),
    ENDS_WITH(Kind.TEXT, 2, 2, "ends_with"),
    CONTAINS(Kind.TEXT, 2, 2, "contains"),
    /// Leaves nulls out.
    CONCAT(Kind.TEXT, 1, 64, "concat"),
    /// What stands first between the others; leaves nulls out.
    CONCAT_WS(Kind.TEXT, 2, 64, "concat_ws"),
    /// As `||`: of a null it is null.
    JOIN(Kind.TEXT, 2, 2, "||"),
    REPLACE(Kind.TEXT, 3, 3, "replace"),
    REVERSE(Kind.TEXT, 1, 1, "reverse"),
    REPEAT(Kind.TEXT, 2, 2, "repeat"),
    LPAD(Kind.TEXT, 2, 3, "lpad"),
    RPAD(Kind.TEXT, 2, 3, "rpad"),
    /// So many characters; all but so many where negative.
    LEFT(Kind.TEXT, 2, 2, "left"),
    RIGHT(Kind.TEXT, 2, 2, "right"),
    INITCAP(Kind.TEXT, 1, 1, "initcap"),
    SPLIT_PART(Kind.TEXT, 3, 3, "split_part"),
    /// Where a part begins, from 1; 0 where it is not.
    STRPOS(Kind.TEXT, 2, 2, "strpos", "instr"),
    ASCII(Kind.TEXT, 1, 1, "ascii"),
    REGEXP_LIKE(Kind.TEXT, 2, 3, "regexp_like", "regexp_match"),
    REGEXP_REPLACE(Kind.TEXT, 3, 4, "regexp_replace"),

    ABS(Kind.NUMBER, 1, 1, "abs"),
    ROUND(Kind.NUMBER, 1, 2, "round"),
    TRUNC(Kind.NUMBER, 1, 2, "trunc"),
    FLOOR(Kind.NUMBER, 1, 1, "floor"),
    CEIL(Kind.NUMBER, 1, 1, "ceil"),
    SIGNUM(Kind.NUMBER, 1, 1, "signum"),
    SQRT(Kind.NUMBER, 1, 1, "sqrt"),
    POWER(Kind.NUMBER, 2, 2, "power", "pow"),
    EXP(Kind.NUMBER, 1, 1, "exp"),
    LN(Kind.NUMBER, 1, 1, "ln"),
    LOG2(Kind.NUMBER, 1, 1, "log2"),
    LOG10(Kind.NUMBER, 1, 1, "log10"),
    ISNAN(Kind.NUMBER, 1, 1, "isnan"),
    ISZERO(Kind.NUMBER, 1, 1, "iszero"),

    /// The first that is not null.
    COALESCE(Kind.CHOICE, 1, 64, "coalesce"),
    NVL(Kind.CHOICE, 2, 2, "nvl", "ifnull"),
    /// The second where the first is not null, else the third.
    NVL2(Kind.CHOICE, 3, 3, "nvl2"),
    /// Null where both are equal.
    NULLIF(Kind.CHOICE, 2, 2, "nullif"),
    /// The greatest of those that are not null.
    GREATEST(Kind.CHOICE, 1, 64, "greatest"),
    LEAST(Kind.CHOICE, 1, 64, "least"),
    /// Never null.
    IS_VALID(Kind.CHOICE, 1, 1, "is_valid"),

    DATE_PART(Kind.TIME, 2, 2, "date_part", "datepart"),
    DATE_TRUNC(Kind.TIME, 2, 2, "date_trunc", "datetrunc"),
    NOW(Kind.TIME, 0, 0, "now", "current_timestamp"),
    TODAY(Kind.TIME, 0, 0, "current_date", "today"),
    TO_TIMESTAMP(Kind.TIME, 1, 1, "to_timestamp"),
    TO_TIMESTAMP_SECONDS(Kind.TIME, 1, 1, "to_timestamp_seconds"),
    TO_TIMESTAMP_MILLIS(Kind.TIME, 1, 1, "to_timestamp_millis"),
    TO_TIMESTAMP_MICROS(Kind.TIME, 1, 1, "to_timestamp_micros"),
    TO_DATE(Kind.TIME, 1, 1, "to_date"),

    ARRAY_LENGTH(Kind.LIST, 1, 1, "array_length", "list_length", "cardinality"),
    ARRAY_HAS(Kind.LIST, 2, 2, "array_has", "array_contains", "list_has", "list_contains"),
    ARRAY_HAS_ANY(Kind.LIST, 2, 2, "array_has_any", "list_has_any"),
    ARRAY_HAS_ALL(Kind.LIST, 2, 2, "array_has_all", "list_has_all"),
    /// Where an item is first, from 1.
    ARRAY_POSITION(Kind.LIST, 2, 2, "array_position", "list_position"),
    ARRAY_ELEMENT(Kind.LIST, 2, 2, "array_element", "list_element");

    /// What a function is about: who works it out.
    enum Kind {
        TEXT,
        NUMBER,
        CHOICE,
        TIME,
        LIST
    }

    private static final Map<String, Functions> BY_NAME = new HashMap<>();

    static {
        for (Functions function : values()) {
            function.names.lines().forEach(name -> BY_NAME.put(name, function));
        }
    }

    private final Kind kind;
    private final int minArguments;
    private final int maxArguments;
    /// A line each.
    private final String names;

    Functions(Kind kind, int minArguments, int maxArguments, String... sqlNames) {
        this.kind = kind;
        this.minArguments = minArguments;
        this.maxArguments = maxArguments;
        this.names = String.join("\n", sqlNames);
    }

    Kind kind() {
        return kind;
    }

    String sqlName() {
        return names.lines().findFirst().orElseThrow();
    }

    boolean takes(int argumentCount) {
        return argumentCount >= minArguments && argumentCount <= maxArguments;
    }

    static @Nullable Functions named(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.equals(JOIN.sqlName()) ? null : BY_NAME.get(lower);
    }

    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Functions function : values()) {
            if (function != JOIN) {
                names.addAll(function.names.lines().toList());
            }
        }
        return names;
    }
}
