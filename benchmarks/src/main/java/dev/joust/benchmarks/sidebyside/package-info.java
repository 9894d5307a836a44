// SPDX-License-Identifier: Apache-2.0
/// Joust's side of comparisons with the reference on the same files.
@NullMarked
package dev.joust.benchmarks.sidebyside;

import org.jspecify.annotations.NullMarked;
