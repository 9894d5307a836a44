// SPDX-License-Identifier: Apache-2.0
/// The Java side of `benchmarks/appends`: tables that grow by a row at a time, and tables of very many fragments.
@NullMarked
package dev.joust.benchmarks.appends;

import org.jspecify.annotations.NullMarked;
