// SPDX-License-Identifier: Apache-2.0
/// How much memory an operation takes that is larger than memory.
@NullMarked
package dev.joust.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
