// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

/// Reads protobuf's wire format from a part of an array, without making an object per message. It knows nothing but what
/// writers usually write: whatever else it meets makes it {@link #failed}, which stays so, and the message is then left to
/// the generated classes. Not thread-safe.
final class WireReader {
    static final int VARINT = 0;
    static final int LENGTH_DELIMITED = 2;

    private static final int MAX_VARINT_BYTES = 10;

    private final byte[] bytes;
    private int position;
    private int end;
    private boolean failed;

    WireReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    boolean failed() {
        return failed;
    }

    void fail() {
        failed = true;
        position = end;
    }

    boolean hasNext() {
        return position < end;
    }

    int position() {
        return position;
    }

    int end() {
        return end;
    }

    /// Goes into a message that {@link #length} announced.
    ///
    /// @return the end to come back to, see {@link #leave}
    int enter(int lengthBytes) {
        int outer = end;
        end = position + lengthBytes;
        return outer;
    }

    void leave(int outerEnd) {
        position = failed ? outerEnd : position;
        end = outerEnd;
    }

    /// Field number and wire type, as `number << 3 | type`.
    int tag() {
        long tag = varint();
        if (tag <= 7 || tag > 0xFFFF) {
            fail();
            return 0;
        }
        return (int) tag;
    }

    long varint() {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES && position < end; i++) {
            byte next = bytes[position++];
            value |= (next & 0x7FL) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        fail();
        return 0;
    }

    /// A value that fits 31 bits.
    int smallVarint() {
        long value = varint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            fail();
            return 0;
        }
        return (int) value;
    }

    /// Length of what comes next; all of it is there.
    int length() {
        int length = smallVarint();
        if (length > end - position) {
            fail();
            return 0;
        }
        return length;
    }

    void skip(int lengthBytes) {
        position += lengthBytes;
    }
}
