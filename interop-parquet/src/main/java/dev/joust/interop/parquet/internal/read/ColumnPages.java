// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.jspecify.annotations.Nullable;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

import dev.joust.format.CorruptFileException;
import dev.joust.interop.parquet.internal.schema.SourceFile;

/// The pages of one column chunk, one after the other, read and decompressed when asked for. Not thread-safe.
final class ColumnPages {
    private static final int WINDOW_BYTES = 1 << 14;
    /// With the statistics that some writers put there.
    private static final int MAX_HEADER_BYTES = 16 << 20;

    private final FileChannel channel;
    private final SourceFile file;
    private final String structure;
    private final Decompression decompression;
    private final long end;
    private long at;
    private long valuesLeft;

    ColumnPages(FileChannel channel, SourceFile file, ColumnMetaData column) {
        this.channel = channel;
        this.file = file;
        this.structure = "column " + String.join(".", column.getPath_in_schema());
        this.decompression = new Decompression(column.getCodec());
        this.at = ParquetFooter.startOf(column);
        this.end = at + column.getTotal_compressed_size();
        this.valuesLeft = column.getNum_values();
    }

    /// A page.
    ///
    /// @param offsetInFile of its header
    /// @param bytes        decompressed, with slack: levels, then values
    /// @param end          of what it holds, in `bytes`
    record RawPage(PageHeader header, long offsetInFile, byte[] bytes, int end) {}

    CorruptFileException corrupt(long offset, String problem) {
        return file.corrupt(offset, structure, problem);
    }

    SourceFile file() {
        return file;
    }

    String structure() {
        return structure;
    }

    /// Values, nulls included, of pages to come.
    long valuesLeft() {
        return valuesLeft;
    }

    /// The next dictionary or data page; null where no values are left.
    @Nullable RawPage next() throws IOException {
        while (valuesLeft > 0) {
            long pageAt = at;
            PageHeader header = header();
            int length = header.getCompressed_page_size();
            int size = header.getUncompressed_page_size();
            if (length < 0 || size < 0 || size > Integer.MAX_VALUE - 64 || length > end - at) {
                throw corrupt(pageAt, "a page of " + length + " bytes, " + size + " decompressed; " + (end - at) + " bytes remain");
            }
            at += length;
            if (header.getType() == PageType.INDEX_PAGE) {
                continue;
            }
            countValues(header, pageAt);
            try {
                return body(header, pageAt, length, size);
            } catch (BadPageException e) {
                throw corrupt(pageAt, e.getMessage());
            }
        }
        return null;
    }

    private void countValues(PageHeader header, long pageAt) {
        int count = switch (header.getType()) {
            case DATA_PAGE -> header.isSetData_page_header() ? header.getData_page_header().getNum_values() : -1;
            case DATA_PAGE_V2 -> header.isSetData_page_header_v2() ? header.getData_page_header_v2().getNum_values() : -1;
            case DICTIONARY_PAGE -> header.isSetDictionary_page_header() ? 0 : -1;
            case INDEX_PAGE -> 0;
        };
        if (count < 0 || count > valuesLeft) {
            throw corrupt(pageAt, "a " + header.getType() + " of " + count + " values, " + valuesLeft + " remain");
        }
        valuesLeft -= count;
    }

    private PageHeader header() throws IOException {
        if (at >= end) {
            throw corrupt(at, "its pages end, " + valuesLeft + " values are missing");
        }
        for (long window = WINDOW_BYTES; ; window *= 16) {
            byte[] bytes = new byte[(int) Math.min(window, end - at)];
            ParquetFooter.readFully(channel, at, bytes, 0, bytes.length);
            ByteArrayInputStream in = new ByteArrayInputStream(bytes);
            PageHeader header = new PageHeader();
            try {
                header.read(new TCompactProtocol(new TIOStreamTransport(in), bytes.length, bytes.length));
                at += bytes.length - in.available();
                return header;
            } catch (TException | RuntimeException e) {
                if (window >= Math.min(MAX_HEADER_BYTES, end - at)) {
                    throw corrupt(at, "page header: no sound Thrift structure: " + e.getMessage());
                }
            }
        }
    }

    private RawPage body(PageHeader header, long pageAt, int length, int size) throws IOException {
        long bodyAt = at - length;
        boolean compressed = !decompression.isNone();
        int levels = 0;
        if (header.getType() == PageType.DATA_PAGE_V2) {
            DataPageHeaderV2 v2 = header.getData_page_header_v2();
            long both = (long) v2.getRepetition_levels_byte_length() + v2.getDefinition_levels_byte_length();
            if (v2.getRepetition_levels_byte_length() < 0 || v2.getDefinition_levels_byte_length() < 0
                    || both > Math.min(length, size)) {
                throw new BadPageException("levels of " + both + " bytes in a page of " + length);
            }
            levels = (int) both;
            compressed &= v2.isIs_compressed();
        }
        if (!compressed) {
            if (length != size) {
                throw new BadPageException(length + " bytes that are not compressed, said to be " + size);
            }
            byte[] bytes = new byte[size + LittleEndian.SLACK_BYTES];
            ParquetFooter.readFully(channel, bodyAt, bytes, 0, length);
            checkSum(header, bytes, length);
            return new RawPage(header, pageAt, bytes, size);
        }
        Decompression.checkSize(length, size);
        byte[] source = new byte[length + LittleEndian.SLACK_BYTES];
        ParquetFooter.readFully(channel, bodyAt, source, 0, length);
        checkSum(header, source, length);
        byte[] bytes = new byte[size + LittleEndian.SLACK_BYTES];
        System.arraycopy(source, 0, bytes, 0, levels);
        decompression.decompress(source, levels, length - levels, bytes, levels, size - levels);
        return new RawPage(header, pageAt, bytes, size);
    }

    private static void checkSum(PageHeader header, byte[] bytes, int length) {
        if (header.isSetCrc()) {
            CRC32 sum = new CRC32();
            sum.update(bytes, 0, length);
            if ((int) sum.getValue() != header.getCrc()) {
                throw new BadPageException("its checksum is not that of its bytes");
            }
        }
    }
}
