// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import org.jspecify.annotations.Nullable;

/// What became of one of many pictures.
///
/// @param name    of its source
/// @param picture null where it was refused
/// @param reason  why it was refused, null where it was not
public record BulkOutcome(String name, @Nullable StoredPicture picture, @Nullable String reason) {}
