// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

/// A row that a search found.
///
/// @param distance  from the query, by its metric; smaller is nearer
/// @param relevance by the query's {@link Reranker}; greater is better, and not a number where there is none
public record Hit<T>(T row, float distance, float relevance) {
    /// A row of a search without a reranker.
    public Hit(T row, float distance) {
        this(row, distance, Float.NaN);
    }
}
