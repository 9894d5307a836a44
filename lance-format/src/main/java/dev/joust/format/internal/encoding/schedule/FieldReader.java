// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.util.List;

import dev.joust.format.schema.Field;

/// How one field of a projection is put together from the physical columns of a file. Lists, maps and structs have no
/// column of their own: they are in the levels of each leaf below them, and taken from the first that the file has.
sealed interface FieldReader {
    Field field();

    /// A layer of a leaf's levels.
    ///
    /// @param leaf  number of the leaf among those of the {@link FileLeaves}
    /// @param layer counted from that leaf, which is 0
    record LayerOf(int leaf, int layer) {}

    /// From one physical column.
    record Leaf(Field field, int leaf) implements FieldReader {}

    /// @param validity where its nulls are told
    record Struct(Field field, List<FieldReader> children, LayerOf validity) implements FieldReader {
        public Struct {
            children = List.copyOf(children);
        }
    }

    /// A list, a large list or a map.
    ///
    /// @param offsets where its nulls and lengths are told
    record ListOf(Field field, FieldReader item, LayerOf offsets) implements FieldReader {}

    /// A fixed-size list of structs.
    record FixedSizeListOf(Field field, FieldReader item, int dimension, LayerOf validity) implements FieldReader {}

    /// The file does not hold it, nor anything below it: every row is null.
    record Absent(Field field) implements FieldReader {}
}
