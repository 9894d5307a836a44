// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.schema;

import java.util.List;

import dev.joust.format.schema.Field;

/// A column of ours and where its parts lie in the levels of Parquet's columns. A slot of a column (a row, or an item of
/// the list around it) begins where the repetition level is at most {@link #repetition} and the definition level at
/// least {@link #slotDefinition}; it is no null where the latter is at least {@link #definition}.
public sealed interface ColumnPlan {
    Field field();

    /// Definition level from which on there is a slot: 0, or that of an item of the innermost list around it.
    int slotDefinition();

    /// Definition level from which on the slot is no null.
    int definition();

    /// How many lists are around it.
    int repetition();

    /// A column of Parquet's.
    ///
    /// @param column its number; `definition` and `repetition` are its highest levels
    record Leaf(Field field, int slotDefinition, int definition, int repetition, LeafType type, int column)
            implements ColumnPlan {}

    record Struct(Field field, int slotDefinition, int definition, int repetition, List<ColumnPlan> children)
            implements ColumnPlan {}

    /// A list, a fixed-size list, or a map (whose item is the struct of an entry).
    ///
    /// @param itemDefinition definition level from which on there is an item
    record Repeated(
            Field field, int slotDefinition, int definition, int repetition, int itemDefinition, ColumnPlan item)
            implements ColumnPlan {}

    /// The first leaf at or below it, whose levels tell all about the lists and structs around it.
    default Leaf firstLeaf() {
        return switch (this) {
            case Leaf leaf -> leaf;
            case Struct struct -> struct.children().getFirst().firstLeaf();
            case Repeated repeated -> repeated.item().firstLeaf();
        };
    }
}
