// SPDX-License-Identifier: Apache-2.0

/// Rows on their way out, in the format asked for. Start with {@link dev.joust.cli.output.RowSinks}.
@NullMarked
package dev.joust.cli.output;

import org.jspecify.annotations.NullMarked;
