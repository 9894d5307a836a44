// SPDX-License-Identifier: Apache-2.0
/// RaBitQ (spec: index format B.7): residuals are rotated and kept as signs, with a few more bits each.
/// {@link dev.joust.index.internal.vector.rq.RabitQuantizer} encodes rows,
/// {@link dev.joust.index.internal.vector.rq.RabitScan} searches the codes of partitions.
@NullMarked
package dev.joust.index.internal.vector.rq;

import org.jspecify.annotations.NullMarked;
