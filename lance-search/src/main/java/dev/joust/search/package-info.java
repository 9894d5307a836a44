// SPDX-License-Identifier: Apache-2.0
/// What people program against: {@link dev.joust.search.Database}, {@link dev.joust.search.Table},
/// {@link dev.joust.search.Query}. Start at {@link dev.joust.Joust}. Failing reads and writes are
/// {@link java.io.UncheckedIOException}s here.
@NullMarked
package dev.joust.search;

import org.jspecify.annotations.NullMarked;
