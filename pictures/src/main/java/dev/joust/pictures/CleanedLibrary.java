// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

/// What a cleanup took away.
///
/// @param strayCount   pictures without a row, which can be restored now
/// @param purgedCount  deleted pictures that are gone for good
/// @param versionCount versions of the table
/// @param fileCount    files of no version, files that were never finished, and thumbnails of no picture
public record CleanedLibrary(long strayCount, long purgedCount, long versionCount, long fileCount) {}
