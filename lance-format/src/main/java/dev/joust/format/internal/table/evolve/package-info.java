// SPDX-License-Identifier: Apache-2.0
/// Changes of a table's columns (spec: table format 7): which schema comes of them, and the data files that hold new
/// or cast columns. Start at `ColumnAddition`, `ColumnAlterations` and `ColumnRemoval`, each of which makes the
/// operation that {@link dev.joust.format.table.Dataset} commits.
@NullMarked
package dev.joust.format.internal.table.evolve;

import org.jspecify.annotations.NullMarked;
