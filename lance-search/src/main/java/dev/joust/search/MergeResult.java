// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

/// What a merge did.
///
/// @param insertedCount rows whose key was new
/// @param updatedCount  rows that were replaced
/// @param version       of the table after it
public record MergeResult(long insertedCount, long updatedCount, long version) {}
