// SPDX-License-Identifier: Apache-2.0
/// Inner loops over plain arrays: bit-packing and its inverse. Scalar code that the compiler vectorises.
@NullMarked
package dev.joust.format.internal.kernel;

import org.jspecify.annotations.NullMarked;
