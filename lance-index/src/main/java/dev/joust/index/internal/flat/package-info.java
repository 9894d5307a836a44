// SPDX-License-Identifier: Apache-2.0
/// How a flat search gets at the vectors of a table: from memory where they were read before, else batch by batch.
@NullMarked
package dev.joust.index.internal.flat;

import org.jspecify.annotations.NullMarked;
