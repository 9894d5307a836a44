// SPDX-License-Identifier: Apache-2.0
/// Bounded little-endian reading and writing of bytes that know where in a file they are.
@NullMarked
package dev.joust.format.internal.bytes;

import org.jspecify.annotations.NullMarked;
