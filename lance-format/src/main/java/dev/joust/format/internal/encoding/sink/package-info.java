// SPDX-License-Identifier: Apache-2.0
/// Where decoded values and levels of one batch gather, in Arrow's layout: one sink per shape of value.
@NullMarked
package dev.joust.format.internal.encoding.sink;

import org.jspecify.annotations.NullMarked;
