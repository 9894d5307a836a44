// SPDX-License-Identifier: Apache-2.0
/// Tests of single steps of compression.
@NullMarked
package dev.joust.format.internal.encoding.compress;

import org.jspecify.annotations.NullMarked;
