// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.util.List;

import dev.joust.format.internal.table.ColumnPath;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.ColumnFunction;

/// What a function on columns is given: the columns it named, fields of structs as columns of their path.
final class ColumnInputs {
    private ColumnInputs() {}

    /// Top-level fields to read.
    static List<Field> fields(Schema schema, List<String> names) {
        return ColumnPath.toRead(ColumnPath.of(schema, names));
    }

    /// The function on batches of {@link #fields}.
    static ColumnFunction flattened(Schema schema, List<String> names, ColumnFunction function) {
        List<ColumnPath> paths = ColumnPath.of(schema, names);
        return (batch, memory) -> function.apply(ColumnPath.pick(paths, batch), memory);
    }
}
