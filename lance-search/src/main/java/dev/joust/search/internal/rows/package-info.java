// SPDX-License-Identifier: Apache-2.0
/// Rows as people have them (records, maps, Arrow) as batches, and back.
@NullMarked
package dev.joust.search.internal.rows;

import org.jspecify.annotations.NullMarked;
