// SPDX-License-Identifier: Apache-2.0
/// Tests of graphs through rows.
@NullMarked
package dev.joust.index.internal.vector.hnsw;

import org.jspecify.annotations.NullMarked;
