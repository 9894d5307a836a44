// SPDX-License-Identifier: Apache-2.0

/// Pages to batches: {@link dev.joust.interop.parquet.internal.read.ParquetReader} walks over row groups, a
/// {@link dev.joust.interop.parquet.internal.read.LeafReader} over the pages of one column,
/// {@link dev.joust.interop.parquet.internal.read.ColumnAssembly} puts lists and structs together.
@NullMarked
package dev.joust.interop.parquet.internal.read;

import org.jspecify.annotations.NullMarked;
