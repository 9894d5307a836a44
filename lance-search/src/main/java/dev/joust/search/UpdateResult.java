// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

/// What an update did.
///
/// @param updatedCount rows that were replaced
/// @param attemptCount how often it was done: once, and again after each commit of others to the same rows
/// @param version      of the table after it
public record UpdateResult(long updatedCount, int attemptCount, long version) {}
