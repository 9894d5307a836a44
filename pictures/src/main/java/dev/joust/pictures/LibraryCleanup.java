// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/// What a cleanup takes away. Immutable; each `with` answers a changed copy.
///
/// @param leftoversOlderThan what stopped writers left goes if it was written longer ago: files that were never
///                           finished, and bytes of pictures without a row, which go to those that can be restored. An
///                           addition that is under way looks the same, so no less than the longest one takes
/// @param deletedOlderThan   pictures that were deleted longer ago go for good; null lets them stay
/// @param versionsOlderThan  versions of the table that are older go, but for those that have tags; null lets them stay
public record LibraryCleanup(
        Duration leftoversOlderThan, @Nullable Duration deletedOlderThan, @Nullable Duration versionsOlderThan) {
    /// What stopped writers left a week ago.
    public static final LibraryCleanup LEFTOVERS = new LibraryCleanup(Duration.ofDays(7), null, null);

    public LibraryCleanup {
        if (leftoversOlderThan.isNegative()
                || (deletedOlderThan != null && deletedOlderThan.isNegative())
                || (versionsOlderThan != null && versionsOlderThan.isNegative())) {
            throw new IllegalArgumentException("an age is negative");
        }
    }

    public LibraryCleanup withLeftoversOlderThan(Duration age) {
        return new LibraryCleanup(age, deletedOlderThan, versionsOlderThan);
    }

    public LibraryCleanup withDeletedOlderThan(@Nullable Duration age) {
        return new LibraryCleanup(leftoversOlderThan, age, versionsOlderThan);
    }

    public LibraryCleanup withVersionsOlderThan(@Nullable Duration age) {
        return new LibraryCleanup(leftoversOlderThan, deletedOlderThan, age);
    }
}
