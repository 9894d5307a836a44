// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import org.jspecify.annotations.Nullable;

/// Another place where files of the table lie (spec: table format 1.6).
///
/// @param id            what files' `baseId` refers to; 0 is a real id
/// @param isDatasetRoot whether files lie in `data/`, `_deletions/`, `_indices/` below `path`, or directly in it
/// @param path          absolute URI or local path
/// @param unmodelled    fields of the message not named here
public record BasePath(int id, @Nullable String name, boolean isDatasetRoot, String path, Bytes unmodelled) {}
