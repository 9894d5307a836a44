// SPDX-License-Identifier: Apache-2.0
/// Copies of whole tables, with all their versions: {@link dev.joust.format.internal.table.copy.FileCopy} takes files,
/// {@link dev.joust.format.internal.table.copy.ManifestCopy} what says which of them a version has.
@NullMarked
package dev.joust.format.internal.table.copy;

import org.jspecify.annotations.NullMarked;
