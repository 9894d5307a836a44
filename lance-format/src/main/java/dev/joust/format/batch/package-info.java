// SPDX-License-Identifier: Apache-2.0
/// Decoded columns in memory: {@link dev.joust.format.batch.ColumnBuffers} in Arrow's layout, the source of their
/// memory, and the one seam to Arrow's own classes.
@NullMarked
package dev.joust.format.batch;

import org.jspecify.annotations.NullMarked;
