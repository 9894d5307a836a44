// SPDX-License-Identifier: Apache-2.0
/// What the chooser asks the Vector API. Packages of this name are the only ones that import it.
@NullMarked
package dev.joust.io.internal.kernel.simd;

import org.jspecify.annotations.NullMarked;
