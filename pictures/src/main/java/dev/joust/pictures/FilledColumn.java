// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

/// What came of filling a column of vectors.
///
/// @param filledCount rows that got a vector
/// @param emptyCount  rows that have none: their bytes are gone or are no picture any more, or they have no caption
/// @param version     of the table
public record FilledColumn(long filledCount, long emptyCount, long version) {}
