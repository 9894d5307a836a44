// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.repdef;

import dev.joust.format.UnsupportedFormatException;

/// What one level of nesting may hold in one page; pages list theirs leaf first (spec: file format 3.1).
/// Each null or empty state that a layer may have owns one definition level.
public enum RepDefLayer {
    ALL_VALID_ITEM(1, false, false, false),
    ALL_VALID_LIST(2, true, false, false),
    NULLABLE_ITEM(3, false, true, false),
    NULLABLE_LIST(4, true, true, false),
    EMPTYABLE_LIST(5, true, false, true),
    NULL_AND_EMPTY_LIST(6, true, true, true);

    private final int code;
    private final boolean list;
    private final boolean nullable;
    private final boolean emptyable;

    RepDefLayer(int code, boolean list, boolean nullable, boolean emptyable) {
        this.code = code;
        this.list = list;
        this.nullable = nullable;
        this.emptyable = emptyable;
    }

    /// The number on the wire.
    public int code() {
        return code;
    }

    public boolean isList() {
        return list;
    }

    /// A definition level says that this layer is null.
    public boolean isNullable() {
        return nullable;
    }

    /// A definition level says that this list is empty.
    public boolean isEmptyable() {
        return emptyable;
    }

    /// Definition levels that this layer owns: 0, 1 or 2.
    public int levelCount() {
        return (nullable ? 1 : 0) + (emptyable ? 1 : 0);
    }

    public static RepDefLayer fromCode(int code) {
        for (RepDefLayer layer : values()) {
            if (layer.code == code) {
                return layer;
            }
        }
        throw new UnsupportedFormatException("repetition/definition layer " + code + " is not known");
    }
}
