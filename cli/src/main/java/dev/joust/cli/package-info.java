// SPDX-License-Identifier: Apache-2.0

/// The command line `bin/joust`. {@link dev.joust.cli.Main} runs one command of {@code dev.joust.cli.command}.
@NullMarked
package dev.joust.cli;

import org.jspecify.annotations.NullMarked;
