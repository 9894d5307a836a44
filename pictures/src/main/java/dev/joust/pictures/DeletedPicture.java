// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.time.Instant;

/// A picture that was deleted and is kept.
///
/// @param picture   what its row said
/// @param deletedAt by the clock of who deleted it
/// @param version   the last of the table that has its row
public record DeletedPicture(Picture picture, Instant deletedAt, long version) {}
