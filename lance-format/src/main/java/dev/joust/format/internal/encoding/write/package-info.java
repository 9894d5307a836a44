// SPDX-License-Identifier: Apache-2.0
/// From batches to pages: {@link dev.joust.format.internal.encoding.write.ColumnAccumulator} gathers the rows of one
/// column, {@link dev.joust.format.internal.encoding.write.PageEncoder} turns what it gathered into one page in the
/// smallest of the forms that suit it (spec: file format 5).
@NullMarked
package dev.joust.format.internal.encoding.write;

import org.jspecify.annotations.NullMarked;
