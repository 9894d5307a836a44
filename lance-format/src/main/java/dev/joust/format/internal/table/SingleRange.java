// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.OptionalLong;

import dev.joust.format.table.Bytes;

/// The sequence that nearly every fragment has: its rows' ids are one run of numbers. Read without the generated
/// classes, for a table has as many of them as it has fragments.
final class SingleRange {
    private static final int SEGMENT = 1 << 3 | WireReader.LENGTH_DELIMITED;
    private static final int RANGE = 1 << 3 | WireReader.LENGTH_DELIMITED;
    private static final int START = 1 << 3;
    private static final int END = 2 << 3;

    private SingleRange() {}

    /// The first id of a sequence of `rowCount` ids, one after the other; empty for any other sequence, and for damaged
    /// ones.
    static OptionalLong firstId(Bytes message, long rowCount) {
        byte[] bytes = message.toByteArray();
        WireReader reader = new WireReader(bytes, 0, bytes.length);
        boolean nested = reader.tag() == SEGMENT
                && reader.length() == reader.end() - reader.position()
                && reader.tag() == RANGE
                && reader.length() == reader.end() - reader.position();
        long start = 0;
        long end = 0;
        while (nested && reader.hasNext()) {
            switch (reader.tag()) {
                case START -> start = reader.varint();
                case END -> end = reader.varint();
                default -> reader.fail();
            }
        }
        return nested && !reader.failed() && rowCount > 0 && end - start == rowCount
                        && Long.compareUnsigned(start, end) < 0
                ? OptionalLong.of(start)
                : OptionalLong.empty();
    }
}
