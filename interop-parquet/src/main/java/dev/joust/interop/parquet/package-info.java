// SPDX-License-Identifier: Apache-2.0

/// Rows of Parquet files, and files of rows: start with {@link dev.joust.interop.parquet.ParquetFormat}.
@NullMarked
package dev.joust.interop.parquet;

import org.jspecify.annotations.NullMarked;
