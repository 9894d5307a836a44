// SPDX-License-Identifier: Apache-2.0
/// Whole searches, beside the reference.
@NullMarked
package dev.joust.benchmarks.search;

import org.jspecify.annotations.NullMarked;
