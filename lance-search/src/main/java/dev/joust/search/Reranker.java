// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/// Says how relevant each row is that a search found, to answer the most relevant first: more precise than the search,
/// and too slow to be asked about every row of a table. Thread-safe.
///
///     table.search("red bicycle").rerank(crossEncoder).limit(5)
public interface Reranker {
    /// Columns of the table that it reads of each row.
    List<String> columns();

    /// How relevant each row is, in their order: greater is more relevant, not a number is least of all.
    ///
    /// @param words what is searched for; null where the search is by a vector and nobody said the words
    /// @param found the rows, with the columns asked for, nearest first; at least one
    /// @throws IllegalArgumentException if it needs words and there are none
    float[] scores(@Nullable String words, List<Hit<Map<String, @Nullable Object>>> found);
}
