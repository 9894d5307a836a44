// SPDX-License-Identifier: Apache-2.0
/// Compaction (spec: table format 8.1): which fragments are written anew (`CompactionPlanner`), how one task is done
/// (`FragmentRewriter`), and what is committed (`CompactionCommit`). The options and results are
/// {@link dev.joust.format.table.CompactionOptions} and its neighbours.
@NullMarked
package dev.joust.format.internal.table.compact;

import org.jspecify.annotations.NullMarked;
