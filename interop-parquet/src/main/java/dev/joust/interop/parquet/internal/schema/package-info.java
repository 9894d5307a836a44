// SPDX-License-Identifier: Apache-2.0

/// Parquet's schemas as Lance's, and back. Start with {@link dev.joust.interop.parquet.internal.schema.ColumnPlans}.
@NullMarked
package dev.joust.interop.parquet.internal.schema;

import org.jspecify.annotations.NullMarked;
