// SPDX-License-Identifier: Apache-2.0
/// Deleting old versions and the files that no version needs any more (spec: table format 8.3): which go
/// (`CleanupPlanner`), how they go (`FileRemoval`), and the cleanup that a table's config asks for after commits
/// (`AutoCleanup`, 3.8).
@NullMarked
package dev.joust.format.internal.table.cleanup;

import org.jspecify.annotations.NullMarked;
