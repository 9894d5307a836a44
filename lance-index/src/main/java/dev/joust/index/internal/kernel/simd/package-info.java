// SPDX-License-Identifier: Apache-2.0
/// The distance kernels by the Vector API. Loaded by name only, since the API may be absent.
@NullMarked
package dev.joust.index.internal.kernel.simd;

import org.jspecify.annotations.NullMarked;
