// SPDX-License-Identifier: Apache-2.0
/// Rows of 0.1 files (spec: legacy format). Start at {@link dev.joust.format.internal.encoding.v01.LegacyFileRows}:
/// it cuts the rows wanted into {@link dev.joust.format.internal.encoding.v01.PageRows} of single batches of the file,
/// has their bytes fetched round by round (the bytes of strings and the items of lists are where bytes say that were
/// fetched before), and then has each {@link dev.joust.format.internal.encoding.v01.LegacyColumn} decode its own.
/// A batch of the file has nothing to do with the batches that are read from it.
@NullMarked
package dev.joust.format.internal.encoding.v01;

import org.jspecify.annotations.NullMarked;
