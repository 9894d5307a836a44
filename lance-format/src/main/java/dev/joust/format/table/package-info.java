// SPDX-License-Identifier: Apache-2.0
/// One version of a table: manifest, fragments, deletions, and the rows behind them. Start at `Dataset`.
/// Nothing here knows SQL: a scan takes a {@link dev.joust.format.table.RowPredicate}.
@NullMarked
package dev.joust.format.table;

import org.jspecify.annotations.NullMarked;
