// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

/// What a merge did.
///
/// @param insertedCount rows of the source that were added
/// @param updatedCount  rows of the table that were replaced
/// @param deletedCount  rows of the table that are gone
/// @param attemptCount  how often it was done: once, and again after each commit of others that it depends on
/// @param version       of the table after it
public record MergeResult(long insertedCount, long updatedCount, long deletedCount, int attemptCount, long version) {}
