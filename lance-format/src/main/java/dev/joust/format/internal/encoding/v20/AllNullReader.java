// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import dev.joust.format.internal.encoding.page.RowRanges;

/// `nullable` of nothing but nulls: no bytes at all.
record AllNullReader() implements ValueReader {
    @Override
    public ValueRead read(RowRanges values, ReadTask task) {
        int count = Math.toIntExact(values.rowCount());
        return (sink, validity) -> {
            sink.appendEmpty(count);
            validity.appendNulls(count);
        };
    }
}
