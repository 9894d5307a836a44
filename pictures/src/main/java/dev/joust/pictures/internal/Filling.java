// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// Values that rows may lack, and what they are made of. For one thread at a time.
interface Filling {
    /// A row that lacks them.
    ///
    /// @param source what its column {@link Filling#source} says
    record Row(String id, String source) {}

    /// The columns that are written, as they are in a table.
    List<Field> columns(Schema table);

    /// The one of them that tells whether a row has its values: it is null where it has none.
    String mark();

    /// The column that is null where there is nothing to make values of.
    String source();

    /// Rows that are best made at once.
    int batchCount();

    /// Makes the values of some rows.
    ///
    /// @param readers to read pictures with
    /// @return of each row, by column; none where nothing can be made of it
    List<Map<String, Object>> make(List<Row> rows, ExecutorService readers) throws IOException;
}
