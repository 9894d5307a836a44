// SPDX-License-Identifier: Apache-2.0
/// How rows that several threads add get into one table together. Start with `WriteLane`.
@NullMarked
package dev.joust.search.internal.write;

import org.jspecify.annotations.NullMarked;
