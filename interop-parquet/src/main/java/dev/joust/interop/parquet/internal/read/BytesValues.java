// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

/// Values of any length, in the order of their page, nulls left out.
abstract class BytesValues {
    private static final int CHUNK = 1024;
    /// A page of more values than this is no page.
    private static final int MAX_PAGE_VALUES = 1 << 26;

    private BytesValues() {}

    /// Adds the next `count` values.
    abstract void read(int count, GrowingValues target);

    /// A length before each.
    static final class Plain extends BytesValues {
        private final byte[] bytes;
        private final int end;
        private int at;

        Plain(byte[] bytes, int start, int end) {
            this.bytes = bytes;
            this.at = start;
            this.end = end;
        }

        @Override
        void read(int count, GrowingValues target) {
            target.reserve(count);
            for (int i = 0; i < count; i++) {
                if (end - at < 4) {
                    throw new BadPageException("the length of a value is cut short");
                }
                int length = LittleEndian.intAt(bytes, at);
                if (length < 0 || length > end - at - 4) {
                    throw new BadPageException("a value of " + Integer.toUnsignedString(length) + " bytes, " + (end - at - 4) + " remain");
                }
                target.add(bytes, at + 4, length);
                at += 4 + length;
            }
        }

        /// All values to the end, for dictionaries.
        GrowingValues readAll(int count) {
            GrowingValues all = new GrowingValues();
            read(count, all);
            return all;
        }
    }

    /// Indices into the dictionary of the column chunk.
    static final class Indexed extends BytesValues {
        private final HybridReader indices;
        private final GrowingValues dictionary;
        private final int[] chunk = new int[CHUNK];

        Indexed(HybridReader indices, GrowingValues dictionary) {
            this.indices = indices;
            this.dictionary = dictionary;
        }

        @Override
        void read(int count, GrowingValues target) {
            target.reserve(count);
            for (int done = 0; done < count; done += CHUNK) {
                int n = Math.min(CHUNK, count - done);
                indices.readInts(chunk, 0, n);
                FixedValues.checkIndices(chunk, n, dictionary.count);
                for (int i = 0; i < n; i++) {
                    int start = chunk[i] == 0 ? 0 : dictionary.ends[chunk[i] - 1];
                    target.add(dictionary.bytes, start, dictionary.ends[chunk[i]] - start);
                }
            }
        }
    }

    /// Lengths of all values, then their bytes (DELTA_LENGTH_BYTE_ARRAY).
    static final class DeltaLength extends BytesValues {
        private final byte[] bytes;
        private final int end;
        private final int[] lengths;
        private int next;
        private int at;

        DeltaLength(byte[] bytes, int start, int end) {
            this.bytes = bytes;
            this.end = end;
            DeltaReader reader = new DeltaReader(bytes, start, end);
            lengths = lengths(reader);
            at = reader.end();
        }

        @Override
        void read(int count, GrowingValues target) {
            requireLeft(count, lengths.length - next);
            target.reserve(count);
            for (int i = 0; i < count; i++) {
                int length = lengths[next++];
                if (length > end - at) {
                    throw new BadPageException("a value of " + length + " bytes, " + (end - at) + " remain");
                }
                target.add(bytes, at, length);
                at += length;
            }
        }
    }

    private static void requireLeft(int count, int left) {
        if (count > left) {
            throw new BadPageException(count + " values, " + left + " remain");
        }
    }

    private static int[] lengths(DeltaReader reader) {
        if (reader.valueCount() > MAX_PAGE_VALUES) {
            throw new BadPageException(reader.valueCount() + " values in one page");
        }
        int[] lengths = new int[reader.valueCount()];
        for (int i = 0; i < lengths.length; i++) {
            long length = reader.next();
            if (length < 0 || length > Integer.MAX_VALUE) {
                throw new BadPageException("a length of " + length);
            }
            lengths[i] = (int) length;
        }
        return lengths;
    }

    /// What each value shares with the one before, then the rest of it (DELTA_BYTE_ARRAY).
    static final class Front extends BytesValues {
        private final int[] shared;
        private final byte[] bytes;
        private final int end;
        private final int[] lengths;
        private byte[] last = new byte[64];
        private int lastLength;
        private int next;
        private int at;

        Front(byte[] bytes, int start, int end) {
            this.bytes = bytes;
            this.end = end;
            DeltaReader prefixes = new DeltaReader(bytes, start, end);
            shared = lengths(prefixes);
            DeltaReader rests = new DeltaReader(bytes, prefixes.end(), end);
            lengths = lengths(rests);
            at = rests.end();
            if (shared.length != lengths.length) {
                throw new BadPageException(shared.length + " shared lengths for " + lengths.length + " values");
            }
        }

        @Override
        void read(int count, GrowingValues target) {
            requireLeft(count, lengths.length - next);
            target.reserve(count);
            for (int i = 0; i < count; i++) {
                int prefix = shared[next];
                int length = lengths[next++];
                if (prefix > lastLength || length > end - at || (long) prefix + length > Integer.MAX_VALUE - 64) {
                    throw new BadPageException("a value of " + prefix + " shared and " + length + " bytes after one of "
                            + lastLength + ", " + (end - at) + " remain");
                }
                if (prefix + length > last.length) {
                    last = java.util.Arrays.copyOf(last, Math.max(prefix + length, last.length * 2));
                }
                System.arraycopy(bytes, at, last, prefix, length);
                at += length;
                lastLength = prefix + length;
                target.add(last, 0, lastLength);
            }
        }
    }
}
