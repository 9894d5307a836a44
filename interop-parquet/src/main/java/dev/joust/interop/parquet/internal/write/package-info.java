// SPDX-License-Identifier: Apache-2.0

/// Batches to pages. Start with {@link dev.joust.interop.parquet.internal.write.ParquetWriter}.
@NullMarked
package dev.joust.interop.parquet.internal.write;

import org.jspecify.annotations.NullMarked;
