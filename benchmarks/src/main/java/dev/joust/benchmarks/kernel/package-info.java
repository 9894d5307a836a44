// SPDX-License-Identifier: Apache-2.0
/// What inner loops reach, beside what the memory gives.
@NullMarked
package dev.joust.benchmarks.kernel;

import org.jspecify.annotations.NullMarked;
