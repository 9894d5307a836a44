// SPDX-License-Identifier: Apache-2.0
/// Chooses, once per process, between the scalar and the Vector API form of every kernel.
@NullMarked
package dev.joust.io.kernel;

import org.jspecify.annotations.NullMarked;
