// SPDX-License-Identifier: Apache-2.0
/// The rows of a data file of any version, {@link dev.joust.format.internal.encoding.FileRows}, and values in the shape
/// that encoders take them, {@link dev.joust.format.internal.encoding.LeafValues}. Below: `schedule` (rows to bytes),
/// `compress` (one step of compression each), `repdef` (levels), `page` (layouts), `write` (choosing among them).
@NullMarked
package dev.joust.format.internal.encoding;

import org.jspecify.annotations.NullMarked;
