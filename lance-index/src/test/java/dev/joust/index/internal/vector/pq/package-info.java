// SPDX-License-Identifier: Apache-2.0
/// Tests of product quantization.
@NullMarked
package dev.joust.index.internal.vector.pq;

import org.jspecify.annotations.NullMarked;
