// SPDX-License-Identifier: Apache-2.0
/// Writes columns of version 2.0 (spec: file format, appendix B): a struct, a list and a leaf have a column each.
/// {@link dev.joust.format.internal.encoding.v20.write.ArrayColumns} makes a
/// {@link dev.joust.format.internal.encoding.write.ColumnWriter} for each of them out of a schema, or says what 2.0
/// does not hold; {@link dev.joust.format.internal.encoding.v20.write.LeafPageEncoder} turns values into the buffers of
/// a page and the tree of encodings that describes them.
@NullMarked
package dev.joust.format.internal.encoding.v20.write;

import org.jspecify.annotations.NullMarked;
