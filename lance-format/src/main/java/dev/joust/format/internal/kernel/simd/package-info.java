// SPDX-License-Identifier: Apache-2.0
/// Inner loops by the Vector API, chosen at run time where it is there. Each does exactly what its scalar twin does.
@NullMarked
package dev.joust.format.internal.kernel.simd;

import org.jspecify.annotations.NullMarked;
