// SPDX-License-Identifier: Apache-2.0
/// Tests of what vector indices compute in memory.
@NullMarked
package dev.joust.index.internal.vector;

import org.jspecify.annotations.NullMarked;
