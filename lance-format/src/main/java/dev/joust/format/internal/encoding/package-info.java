// SPDX-License-Identifier: Apache-2.0
/// Values in the shape that encoders take them, {@link dev.joust.format.internal.encoding.LeafValues}. Below:
/// `compress` (one step of compression each), `repdef` (levels), `page` (layouts), `write` (choosing among them).
@NullMarked
package dev.joust.format.internal.encoding;

import org.jspecify.annotations.NullMarked;
