// SPDX-License-Identifier: Apache-2.0
/// The Lance data file and table format. Here: the errors that both share. `file` reads and writes one data file,
/// `table` one table, `commit` changes it, `schema` and `batch` hold what they exchange.
@NullMarked
package dev.joust.format;

import org.jspecify.annotations.NullMarked;
