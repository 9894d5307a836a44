// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

/// A row that a search found.
///
/// @param distance from the query, by its metric; smaller is nearer
public record Hit<T>(T row, float distance) {}
