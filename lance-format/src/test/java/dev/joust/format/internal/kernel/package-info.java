// SPDX-License-Identifier: Apache-2.0
/// Tests of inner loops.
@NullMarked
package dev.joust.format.internal.kernel;

import org.jspecify.annotations.NullMarked;
