// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

/// What came of filling in what rows lacked.
///
/// @param metadataCount rows that got their metadata
/// @param vectorCount   vectors that rows got, of all columns
/// @param emptyCount    rows that still lack something: their bytes are gone or are no picture any more
/// @param version       of the table
public record RefilledLibrary(long metadataCount, long vectorCount, long emptyCount, long version) {}
