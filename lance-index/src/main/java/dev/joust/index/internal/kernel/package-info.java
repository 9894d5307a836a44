// SPDX-License-Identifier: Apache-2.0
/// Inner loops over vectors: {@link dev.joust.index.internal.kernel.ScalarDistanceKernels} defines the results,
/// {@link dev.joust.index.internal.kernel.KernelChoice} says which form a search uses.
@NullMarked
package dev.joust.index.internal.kernel;

import org.jspecify.annotations.NullMarked;
