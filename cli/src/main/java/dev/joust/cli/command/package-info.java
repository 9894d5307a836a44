// SPDX-License-Identifier: Apache-2.0

/// One class per command; {@link dev.joust.cli.command.Commands} lists them all.
@NullMarked
package dev.joust.cli.command;

import org.jspecify.annotations.NullMarked;
