// SPDX-License-Identifier: Apache-2.0
/// What opening a table of many fragments takes.
@NullMarked
package dev.joust.benchmarks.opening;

import org.jspecify.annotations.NullMarked;
