// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

/// What the maintenance of a database has done so far.
///
/// @param runCount      tasks begun
/// @param commitCount   versions made
/// @param conflictCount tasks that others' changes were in the way of: done again after later writes
/// @param failureCount  tasks that failed; each is in the log
public record MaintenanceStats(long runCount, long commitCount, long conflictCount, long failureCount) {}
