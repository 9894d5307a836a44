// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.write;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.LogicalType;

/// One column of Parquet's: levels and values of the rows of one column of ours, as compressed pages that are kept until
/// the row group ends. Not thread-safe.
final class LeafWriter {
    private static final int PAGE_BYTES = 1 << 20;

    private final List<Step> steps;
    private final List<String> path;
    private final Type physical;
    private final ValueWriter values;
    private final Levels repetitions;
    private final Levels definitions;
    private final SnappyJavaCompressor compressor = new SnappyJavaCompressor();

    private final List<byte[]> pages = new ArrayList<>();
    private final Set<Encoding> encodings = EnumSet.of(Encoding.RLE);
    private long pagesBytes;
    private long uncompressedBytes;
    private long entryCount;
    private long nullCount;

    private ColumnBuffers[] chain = new ColumnBuffers[0];

    /// A column on the way from a column of ours to the leaf.
    ///
    /// @param child      which of its children is next; -1 for the leaf
    /// @param repetition of the items of a list; 0 for what is no list
    record Step(LogicalType type, boolean nullable, int child, int repetition) {}

    /// @param steps from the top to the leaf
    LeafWriter(List<Step> steps, List<String> path, Type physical) {
        this.steps = steps;
        this.path = path;
        this.physical = physical;
        this.values = ValueWriter.of(steps.getLast().type());
        int lists = steps.stream().mapToInt(Step::repetition).max().orElse(0);
        int nullables = (int) steps.stream().filter(Step::nullable).count();
        this.repetitions = new Levels(lists);
        this.definitions = new Levels(lists + nullables);
    }

    /// Adds rows `[start, end)` of a column of ours.
    void add(ColumnBuffers column, int start, int end) throws IOException {
        chain = new ColumnBuffers[steps.size()];
        chain[0] = column;
        for (int i = 1; i < chain.length; i++) {
            chain[i] = chain[i - 1].children().get(steps.get(i - 1).child());
        }
        slots(0, start, end, 0, 0, 0);
        if (values.sizeBytes() + definitions.count() / 8 >= PAGE_BYTES) {
            endPage();
        }
    }

    /// Slots `[start, end)` of step `k`, the first with `repetition`, the others with `others`.
    private void slots(int k, int start, int end, int repetition, int others, int definition) throws IOException {
        ColumnBuffers column = chain[k];
        Step step = steps.get(k);
        if (step.type() instanceof LogicalType.Null) {
            levels(repetition, others, definition, end - start);
            nullCount += end - start;
            return;
        }
        if (!step.nullable() || column.nullCount() == 0) {
            present(k, start, end, repetition, others, definition + (step.nullable() ? 1 : 0));
            return;
        }
        int first = repetition;
        for (int slot = start; slot < end; ) {
            int run = slot + 1;
            boolean isNull = column.isNull(slot);
            while (run < end && column.isNull(run) == isNull) {
                run++;
            }
            if (isNull) {
                levels(first, others, definition, run - slot);
                nullCount += run - slot;
            } else {
                present(k, slot, run, first, others, definition + 1);
            }
            first = others;
            slot = run;
        }
    }

    private void levels(int repetition, int others, int definition, int count) {
        if (count == 0) {
            return;
        }
        repetitions.add(repetition, 1);
        repetitions.add(others, count - 1);
        definitions.add(definition, count);
        entryCount += count;
    }

    /// The same, of slots that are no nulls.
    private void present(int k, int start, int end, int repetition, int others, int definition) throws IOException {
        if (start == end) {
            return;
        }
        Step step = steps.get(k);
        if (step.child() < 0) {
            if (values.add(chain[k], start, end)) {
                endPage();
                values.add(chain[k], start, end);
            }
            levels(repetition, others, definition, end - start);
            return;
        }
        if (step.repetition() == 0) {
            slots(k + 1, start, end, repetition, others, definition);
            return;
        }
        int first = repetition;
        for (int slot = start; slot < end; slot++) {
            int itemStart = itemStart(k, slot);
            int itemEnd = itemStart(k, slot + 1);
            if (itemStart == itemEnd) {
                levels(first, others, definition, 1);
                nullCount++;
            } else {
                slots(k + 1, itemStart, itemEnd, first, step.repetition(), definition + 1);
            }
            first = others;
        }
    }

    private int itemStart(int k, int slot) {
        return steps.get(k).type() instanceof LogicalType.FixedSizeList f
                ? Math.multiplyExact(slot, f.dimension())
                : Math.toIntExact(Columns.offset(chain[k], slot));
    }

    /// Bytes that are kept.
    long keptBytes() {
        return pagesBytes + values.sizeBytes();
    }

    private void endPage() throws IOException {
        int count = definitions.count();
        if (count == 0) {
            return;
        }
        GrowingBytes page = new GrowingBytes();
        repetitions.writeTo(page);
        definitions.writeTo(page);
        Encoding encoding = values.encoding();
        values.writePage(page);
        encodings.add(encoding);
        PageHeader header = new PageHeader(PageType.DATA_PAGE, page.size(), 0);
        header.setData_page_header(new DataPageHeader(count, encoding, Encoding.RLE, Encoding.RLE));
        pages.add(compressed(header, page.array(), page.size()));
        pagesBytes += pages.getLast().length;
        repetitions.clear();
        definitions.clear();
    }

    private byte[] compressed(PageHeader header, byte[] bytes, int length) throws IOException {
        byte[] target = new byte[compressor.maxCompressedLength(length)];
        int size = length == 0 ? 0 : compressor.compress(bytes, 0, length, target, 0, target.length);
        header.setCompressed_page_size(size);
        CRC32 sum = new CRC32();
        sum.update(target, 0, size);
        header.setCrc((int) sum.getValue());
        ByteArrayOutputStream page = new ByteArrayOutputStream(size + 64);
        Util.writePageHeader(header, page);
        uncompressedBytes += page.size() + length;
        page.write(target, 0, size);
        return page.toByteArray();
    }

    /// Ends the row group: writes the pages, and is empty after.
    ///
    /// @param offset in the file, where the first byte goes
    ColumnChunk endGroup(OutputStream out, long offset) throws IOException {
        endPage();
        ValueWriter.Dictionary dictionary = values.endChunk();
        long at = offset;
        ColumnMetaData column = new ColumnMetaData();
        if (dictionary != null) {
            PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, dictionary.bytes().length, 0);
            header.setDictionary_page_header(new DictionaryPageHeader(dictionary.valueCount(), Encoding.PLAIN));
            byte[] page = compressed(header, dictionary.bytes(), dictionary.bytes().length);
            column.setDictionary_page_offset(at);
            encodings.add(Encoding.PLAIN);
            out.write(page);
            at += page.length;
        }
        column.setData_page_offset(at);
        for (byte[] page : pages) {
            out.write(page);
            at += page.length;
        }
        column.setType(physical);
        column.setEncodings(new ArrayList<>(encodings));
        column.setPath_in_schema(path);
        column.setCodec(CompressionCodec.SNAPPY);
        column.setNum_values(entryCount);
        column.setTotal_uncompressed_size(uncompressedBytes);
        column.setTotal_compressed_size(at - offset);
        Statistics statistics = new Statistics();
        statistics.setNull_count(nullCount);
        column.setStatistics(statistics);
        ColumnChunk chunk = new ColumnChunk(offset);
        chunk.setMeta_data(column);
        pages.clear();
        encodings.retainAll(EnumSet.of(Encoding.RLE));
        pagesBytes = 0;
        uncompressedBytes = 0;
        entryCount = 0;
        nullCount = 0;
        return chunk;
    }

    @Override
    public String toString() {
        return String.join(".", path) + Arrays.asList(steps);
    }
}
