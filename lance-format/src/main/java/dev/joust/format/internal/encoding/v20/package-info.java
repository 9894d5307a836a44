// SPDX-License-Identifier: Apache-2.0
/// Files of version 2.0 (spec: file format, appendix B): reading them; the package below writes. Every struct, list and leaf has a column of its own;
/// a page holds the tree of {@link dev.joust.format.internal.encoding.v20.ArrayEncoding}s that its buffers were made
/// with, and each of its encodings has a {@link dev.joust.format.internal.encoding.v20.ValueReader}.
///
/// Reading goes in rounds: a {@link dev.joust.format.internal.encoding.v20.ColumnRead} of each column asks for the bytes
/// it can name, they are fetched together, and it asks for what they point to. Offsets of lists come a round before
/// their items, those of strings a round before their bytes. Batches of a scan share what they fetch
/// ({@link dev.joust.format.internal.encoding.v20.ScanWindows}). Start at
/// {@link dev.joust.format.internal.encoding.v20.ArrayFileRows}.
@NullMarked
package dev.joust.format.internal.encoding.v20;

import org.jspecify.annotations.NullMarked;
