// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

/// What a name in double quotes is.
public enum Dialect {
    /// A string, as Python Lance reads filters. Names with blanks go into back-ticks.
    LANCE,
    /// A name, as LanceDB's clients write them; back-ticks too.
    LANCEDB
}
