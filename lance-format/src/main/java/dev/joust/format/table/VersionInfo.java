// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.time.Instant;

/// One version of a table, as a listing of versions shows it.
///
/// @param timestamp     when it was committed, by its writer's clock
/// @param rowCount      rows that are not deleted
/// @param fragmentCount fragments it is made of
/// @param operation     name of the operation that made it, such as `Append`; `Unknown` where not recorded
public record VersionInfo(long version, Instant timestamp, long rowCount, int fragmentCount, String operation) {}
