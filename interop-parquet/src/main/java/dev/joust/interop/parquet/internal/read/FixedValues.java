// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Values of one width, in the order of their page, nulls left out.
abstract class FixedValues {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int CHUNK = 1024;

    final int width;

    private FixedValues(int width) {
        this.width = width;
    }

    /// Puts the next `count` values at `offset` of native memory.
    abstract void read(int count, MemorySegment target, long offset);

    /// As they are.
    static final class Plain extends FixedValues {
        private final byte[] bytes;
        private final int end;
        private int at;

        Plain(byte[] bytes, int start, int end, int width) {
            super(width);
            this.bytes = bytes;
            this.at = start;
            this.end = end;
        }

        @Override
        void read(int count, MemorySegment target, long offset) {
            long size = (long) count * width;
            if (size > end - at) {
                throw new BadPageException(count + " values of " + width + " bytes, " + (end - at) + " bytes remain");
            }
            MemorySegment.copy(bytes, at, target, ValueLayout.JAVA_BYTE, offset, (int) size);
            at += (int) size;
        }
    }

    /// Indices into the dictionary of the column chunk.
    static final class Indexed extends FixedValues {
        private final HybridReader indices;
        private final byte[] dictionary;
        private final int dictionaryCount;
        private final int[] chunk = new int[CHUNK];

        /// @param dictionary with slack
        Indexed(HybridReader indices, byte[] dictionary, int dictionaryCount, int width) {
            super(width);
            this.indices = indices;
            this.dictionary = dictionary;
            this.dictionaryCount = dictionaryCount;
        }

        @Override
        void read(int count, MemorySegment target, long offset) {
            for (int done = 0; done < count; done += CHUNK) {
                int n = Math.min(CHUNK, count - done);
                indices.readInts(chunk, 0, n);
                checkIndices(chunk, n, dictionaryCount);
                long to = offset + (long) done * width;
                switch (width) {
                    case 4 -> {
                        for (int i = 0; i < n; i++) {
                            target.set(INT, to + 4L * i, LittleEndian.intAt(dictionary, chunk[i] << 2));
                        }
                    }
                    case 8 -> {
                        for (int i = 0; i < n; i++) {
                            target.set(LONG, to + 8L * i, LittleEndian.longAt(dictionary, chunk[i] << 3));
                        }
                    }
                    default -> {
                        for (int i = 0; i < n; i++) {
                            MemorySegment.copy(
                                    dictionary, chunk[i] * width, target, ValueLayout.JAVA_BYTE, to + (long) width * i, width);
                        }
                    }
                }
            }
        }
    }

    static void checkIndices(int[] indices, int count, int dictionaryCount) {
        int highest = 0;
        int lowest = 0;
        for (int i = 0; i < count; i++) {
            highest = Math.max(highest, indices[i]);
            lowest = Math.min(lowest, indices[i]);
        }
        if (count > 0 && (highest >= dictionaryCount || lowest < 0)) {
            throw new BadPageException("index " + Integer.toUnsignedString(lowest < 0 ? lowest : highest)
                    + " in a dictionary of " + dictionaryCount);
        }
    }

    /// Differences, of whole numbers.
    static final class Delta extends FixedValues {
        private final DeltaReader values;

        Delta(DeltaReader values, int width) {
            super(width);
            this.values = values;
        }

        @Override
        void read(int count, MemorySegment target, long offset) {
            for (int i = 0; i < count; i++) {
                long value = values.next();
                if (width == 4) {
                    target.set(INT, offset + 4L * i, (int) value);
                } else {
                    target.set(LONG, offset + 8L * i, value);
                }
            }
        }
    }

    /// The first bytes of all values, then their second bytes, and so on.
    static final class Split extends FixedValues {
        private final byte[] bytes;
        private final int start;
        private final int valueCount;
        private int next;

        Split(byte[] bytes, int start, int end, int width) {
            super(width);
            this.bytes = bytes;
            this.start = start;
            this.valueCount = (end - start) / width;
        }

        @Override
        void read(int count, MemorySegment target, long offset) {
            if (count > valueCount - next) {
                throw new BadPageException(count + " values in split streams, " + (valueCount - next) + " remain");
            }
            for (int stream = 0; stream < width; stream++) {
                int from = start + stream * valueCount + next;
                for (int i = 0; i < count; i++) {
                    target.set(ValueLayout.JAVA_BYTE, offset + (long) i * width + stream, bytes[from + i]);
                }
            }
            next += count;
        }
    }

    /// Front-coded values, which all must have the width.
    static final class Variable extends FixedValues {
        private final BytesValues values;
        private final GrowingValues buffer = new GrowingValues();

        Variable(BytesValues values, int width) {
            super(width);
            this.values = values;
        }

        @Override
        void read(int count, MemorySegment target, long offset) {
            buffer.clear();
            values.read(count, buffer);
            for (int i = 0; i < count; i++) {
                if (buffer.ends[i] != (i + 1) * width) {
                    throw new BadPageException("a value that is not " + width + " bytes long");
                }
            }
            MemorySegment.copy(buffer.bytes, 0, target, ValueLayout.JAVA_BYTE, offset, count * width);
        }
    }
}
