// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/// Functions of the dialect. A null argument gives null, except where said.
enum Functions {
    /// Characters (code points) of a string.
    LENGTH("length", 1, 1),
    CHAR_LENGTH("char_length", 1, 1),
    CHARACTER_LENGTH("character_length", 1, 1),
    OCTET_LENGTH("octet_length", 1, 1),
    LOWER("lower", 1, 1),
    UPPER("upper", 1, 1),
    TRIM("trim", 1, 1),
    BTRIM("btrim", 1, 1),
    LTRIM("ltrim", 1, 1),
    RTRIM("rtrim", 1, 1),
    STARTS_WITH("starts_with", 2, 2),
    ENDS_WITH("ends_with", 2, 2),
    CONTAINS("contains", 2, 2),
    /// Leaves nulls out.
    CONCAT("concat", 1, 64),
    /// As `||`: of a null it is null.
    JOIN("||", 2, 2),
    /// The first that is not null.
    COALESCE("coalesce", 1, 64),
    /// Null where both are equal.
    NULLIF("nullif", 2, 2),
    ABS("abs", 1, 1),
    ROUND("round", 1, 1),
    FLOOR("floor", 1, 1),
    CEIL("ceil", 1, 1),
    ISNAN("isnan", 1, 1),
    /// Never null.
    IS_VALID("is_valid", 1, 1);

    private final String sqlName;
    private final int minArguments;
    private final int maxArguments;

    Functions(String sqlName, int minArguments, int maxArguments) {
        this.sqlName = sqlName;
        this.minArguments = minArguments;
        this.maxArguments = maxArguments;
    }

    String sqlName() {
        return sqlName;
    }

    boolean takes(int argumentCount) {
        return argumentCount >= minArguments && argumentCount <= maxArguments;
    }

    static @Nullable Functions named(String name) {
        for (Functions function : values()) {
            if (function.sqlName.equals(name.toLowerCase(Locale.ROOT))) {
                return function;
            }
        }
        return null;
    }

    static List<String> names() {
        return List.of(values()).stream()
                .filter(function -> function != JOIN)
                .map(Functions::sqlName)
                .toList();
    }
}
