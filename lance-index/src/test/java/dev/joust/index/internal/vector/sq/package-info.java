// SPDX-License-Identifier: Apache-2.0
/// Tests of scalar quantization.
@NullMarked
package dev.joust.index.internal.vector.sq;

import org.jspecify.annotations.NullMarked;
