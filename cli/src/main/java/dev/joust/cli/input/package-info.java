// SPDX-License-Identifier: Apache-2.0

/// Rows on their way in, whatever they come from. Start with {@link dev.joust.cli.input.RowSources}.
@NullMarked
package dev.joust.cli.input;

import org.jspecify.annotations.NullMarked;
