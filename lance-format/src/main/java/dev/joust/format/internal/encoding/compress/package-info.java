// SPDX-License-Identifier: Apache-2.0
/// Compressions of values and levels: the descriptors, and one codec each (spec: file format 4).
@NullMarked
package dev.joust.format.internal.encoding.compress;

import org.jspecify.annotations.NullMarked;
