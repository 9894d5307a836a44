// SPDX-License-Identifier: Apache-2.0
/// Scalar quantization (spec: index format B.5): {@link dev.joust.index.internal.vector.sq.ScalarQuantizer} encodes,
/// {@link dev.joust.index.internal.vector.sq.SqScan} searches the codes of a partition.
@NullMarked
package dev.joust.index.internal.vector.sq;

import org.jspecify.annotations.NullMarked;
