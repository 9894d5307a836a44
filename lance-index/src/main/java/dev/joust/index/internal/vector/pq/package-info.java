// SPDX-License-Identifier: Apache-2.0
/// Product quantization (spec: index format B.6): {@link dev.joust.index.internal.vector.pq.ProductQuantizer} trains and
/// encodes, {@link dev.joust.index.internal.vector.pq.PqScan} searches the codes of a partition.
@NullMarked
package dev.joust.index.internal.vector.pq;

import org.jspecify.annotations.NullMarked;
