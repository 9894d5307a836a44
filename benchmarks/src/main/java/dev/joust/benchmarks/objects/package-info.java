// SPDX-License-Identifier: Apache-2.0
/// Reading tables of an object store, asked by `benchmarks/object-reads`.
@NullMarked
package dev.joust.benchmarks.objects;

import org.jspecify.annotations.NullMarked;
