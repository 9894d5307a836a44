// SPDX-License-Identifier: Apache-2.0
/// Graphs through the rows of a partition (spec: index format B.8): {@link dev.joust.index.internal.vector.hnsw.HnswBuilder}
/// makes an {@link dev.joust.index.internal.vector.hnsw.HnswGraph}, {@link dev.joust.index.internal.vector.hnsw.HnswSearcher}
/// walks through it. What the rows are, exact or quantized, is behind {@link dev.joust.index.internal.vector.hnsw.HnswRows}.
@NullMarked
package dev.joust.index.internal.vector.hnsw;

import org.jspecify.annotations.NullMarked;
