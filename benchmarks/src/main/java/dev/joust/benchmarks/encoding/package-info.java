// SPDX-License-Identifier: Apache-2.0
/// What turning columns into pages costs.
@NullMarked
package dev.joust.benchmarks.encoding;

import org.jspecify.annotations.NullMarked;
