// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

import dev.joust.interop.parquet.internal.read.ColumnPages.RawPage;
import dev.joust.interop.parquet.internal.schema.ColumnPlan;

/// A data page that is being read: its levels, and the values of its entries that are no nulls, each from the front.
/// Not thread-safe.
final class DataPage {
    final long offsetInFile;
    /// Entries whose levels are not read yet.
    int entriesLeft;
    /// Null where the column has no such levels.
    final @Nullable HybridReader repetitions;
    final @Nullable HybridReader definitions;
    /// One of these three, by the column's type.
    @Nullable FixedValues fixed;
    @Nullable BytesValues bytes;
    @Nullable HybridReader booleans;

    /// @param dictionary of the column chunk; null where there is none
    DataPage(RawPage raw, ColumnPlan.Leaf leaf, @Nullable DictionaryPage dictionary) {
        offsetInFile = raw.offsetInFile();
        byte[] page = raw.bytes();
        Encoding encoding;
        int at = 0;
        if (raw.header().getType() == PageType.DATA_PAGE) {
            DataPageHeader header = raw.header().getData_page_header();
            entriesLeft = header.getNum_values();
            encoding = header.getEncoding();
            int repetitionsEnd = 0;
            if (leaf.repetition() > 0) {
                checkLevels(header.getRepetition_level_encoding());
                repetitionsEnd = levelsEnd(page, 0, raw.end());
            }
            repetitions = leaf.repetition() == 0 ? null : new HybridReader(page, 4, repetitionsEnd, bits(leaf.repetition()));
            at = repetitionsEnd;
            if (leaf.definition() > 0) {
                checkLevels(header.getDefinition_level_encoding());
                int definitionsEnd = levelsEnd(page, at, raw.end());
                definitions = new HybridReader(page, at + 4, definitionsEnd, bits(leaf.definition()));
                at = definitionsEnd;
            } else {
                definitions = null;
            }
        } else {
            DataPageHeaderV2 header = raw.header().getData_page_header_v2();
            entriesLeft = header.getNum_values();
            encoding = header.getEncoding();
            int repetitionsEnd = header.getRepetition_levels_byte_length();
            at = repetitionsEnd + header.getDefinition_levels_byte_length();
            repetitions = leaf.repetition() == 0 ? null : new HybridReader(page, 0, repetitionsEnd, bits(leaf.repetition()));
            definitions = leaf.definition() == 0 ? null : new HybridReader(page, repetitionsEnd, at, bits(leaf.definition()));
        }
        if (at < raw.end()) { // a page of nulls may have no values at all
            openValues(page, at, raw.end(), encoding, leaf, dictionary);
        }
    }

    private static void checkLevels(Encoding encoding) {
        if (encoding != Encoding.RLE) {
            throw new BadPageException("levels encoded as " + encoding + ", which is not supported");
        }
    }

    private static int bits(int max) {
        return 32 - Integer.numberOfLeadingZeros(max);
    }

    private static int levelsEnd(byte[] page, int at, int end) {
        int length = end - at < 4 ? -1 : LittleEndian.intAt(page, at);
        if (length < 0 || length > end - at - 4) {
            throw new BadPageException("levels of " + length + " bytes, " + (end - at) + " remain");
        }
        return at + 4 + length;
    }

    private void openValues(
            byte[] page, int start, int end, Encoding encoding, ColumnPlan.Leaf leaf, @Nullable DictionaryPage dictionary) {
        Type type = leaf.type().physical();
        int width = leaf.type().byteWidth();
        switch (encoding) {
            case PLAIN -> {
                switch (type) {
                    case BOOLEAN -> booleans = HybridReader.bits(page, start, end);
                    case BYTE_ARRAY -> bytes = new BytesValues.Plain(page, start, end);
                    case INT32, INT64, INT96, FLOAT, DOUBLE, FIXED_LEN_BYTE_ARRAY ->
                        fixed = new FixedValues.Plain(page, start, end, width);
                }
            }
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
                if (dictionary == null) {
                    throw new BadPageException("indices without a dictionary before them");
                }
                HybridReader indices = new HybridReader(page, start + 1, end, page[start]);
                if (dictionary.values() != null) {
                    bytes = new BytesValues.Indexed(indices, dictionary.values());
                } else {
                    fixed = new FixedValues.Indexed(indices, dictionary.bytes(), dictionary.count(), width);
                }
            }
            case RLE -> {
                check(type == Type.BOOLEAN, encoding, type);
                booleans = new HybridReader(page, start + 4, levelsEnd(page, start, end), 1);
            }
            case DELTA_BINARY_PACKED -> {
                check(type == Type.INT32 || type == Type.INT64, encoding, type);
                fixed = new FixedValues.Delta(new DeltaReader(page, start, end), width);
            }
            case DELTA_LENGTH_BYTE_ARRAY -> {
                check(type == Type.BYTE_ARRAY, encoding, type);
                bytes = new BytesValues.DeltaLength(page, start, end);
            }
            case DELTA_BYTE_ARRAY -> {
                check(type == Type.BYTE_ARRAY || type == Type.FIXED_LEN_BYTE_ARRAY, encoding, type);
                BytesValues front = new BytesValues.Front(page, start, end);
                if (type == Type.BYTE_ARRAY) {
                    bytes = front;
                } else {
                    fixed = new FixedValues.Variable(front, width);
                }
            }
            case BYTE_STREAM_SPLIT -> {
                check(width > 0, encoding, type);
                fixed = new FixedValues.Split(page, start, end, width);
            }
            default -> throw new BadPageException("values encoded as " + encoding + ", which is not supported");
        }
    }

    private static void check(boolean sound, Encoding encoding, Type type) {
        if (!sound) {
            throw new BadPageException(encoding + " is no encoding of " + type);
        }
    }

    /// The values of a column chunk that data pages refer to by index.
    ///
    /// @param count  how many
    /// @param bytes  those of one width, with slack
    /// @param values those of any length; null for others
    record DictionaryPage(int count, byte[] bytes, @Nullable GrowingValues values) {
        static DictionaryPage of(RawPage raw, ColumnPlan.Leaf leaf) {
            var header = raw.header().getDictionary_page_header();
            Encoding encoding = header.getEncoding();
            if (encoding != Encoding.PLAIN && encoding != Encoding.PLAIN_DICTIONARY) {
                throw new BadPageException("a dictionary encoded as " + encoding + ", which is not supported");
            }
            int count = header.getNum_values();
            int width = leaf.type().byteWidth();
            if (count < 0 || (width > 0 && (long) count * width > raw.end()) || (width == 0 && count > raw.end() >>> 2)) {
                throw new BadPageException("a dictionary of " + count + " values in " + raw.end() + " bytes");
            }
            if (leaf.type().physical() == Type.BYTE_ARRAY) {
                return new DictionaryPage(count, raw.bytes(), new BytesValues.Plain(raw.bytes(), 0, raw.end()).readAll(count));
            }
            if (width == 0) {
                throw new BadPageException("a dictionary of booleans");
            }
            return new DictionaryPage(count, raw.bytes(), null);
        }
    }
}
