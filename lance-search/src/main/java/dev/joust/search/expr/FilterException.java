// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

/// A filter that cannot be read, or does not fit the table. The message names the token, where it stands, and what
/// would have fitted.
public final class FilterException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int position;

    FilterException(String problem, String filter, int position) {
        super(problem + " (at " + (position + 1) + " in: " + around(filter, position) + ")");
        this.position = position;
    }

    /// Index of the offending token's first character in the filter.
    public int position() {
        return position;
    }

    private static String around(String filter, int position) {
        int start = Math.max(0, position - 60);
        int end = Math.min(filter.length(), position + 60);
        return (start > 0 ? "…" : "") + filter.substring(start, end) + (end < filter.length() ? "…" : "");
    }
}
