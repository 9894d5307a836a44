// SPDX-License-Identifier: Apache-2.0
/// The same by the Vector API; never loaded without its module.
@NullMarked
package dev.joust.embed.internal.kernel.simd;

import org.jspecify.annotations.NullMarked;
