// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

/// What a manifest says about a data file that was written: which field is in which column.
///
/// @param fieldIds      ids of the fields that own a column: leaves, in files of 2.0 the structs and lists above them
///                      too
/// @param columnIndices physical column of each of them
@SuppressWarnings("ArrayRecordComponent") // as manifests hold them
public record WrittenFile(long sizeBytes, long rowCount, FileVersion version, int[] fieldIds, int[] columnIndices) {}
