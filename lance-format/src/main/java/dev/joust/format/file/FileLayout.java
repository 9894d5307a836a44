// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import java.util.List;

import dev.joust.format.schema.Schema;
import dev.joust.io.ByteRange;

/// What a data file is made of, for people to look at.
///
/// @param schema  the file's own copy
/// @param columns physical columns in the order of the file
public record FileLayout(FileVersion version, long sizeBytes, long rowCount, Schema schema, List<Column> columns) {
    public FileLayout {
        columns = List.copyOf(columns);
    }

    /// @param name  of the field whose values it holds, with those above it: `a.b`; empty where the schema has none
    /// @param pages in row order
    public record Column(int index, String name, List<Page> pages) {
        public Column {
            pages = List.copyOf(pages);
        }

        public long sizeBytes() {
            return pages.stream().mapToLong(Page::sizeBytes).sum();
        }
    }

    /// @param firstRow row of the file that it begins with; 0 where files do not say (2.0)
    /// @param rowCount rows; what it counts in nested columns, see the spec, file format 1.5
    /// @param encoding how levels and values became bytes, as `mini-block fsst(variable(flat32))`
    /// @param buffers  in the file
    public record Page(long firstRow, long rowCount, String encoding, List<ByteRange> buffers) {
        public Page {
            buffers = List.copyOf(buffers);
        }

        public long sizeBytes() {
            return buffers.stream().mapToLong(ByteRange::length).sum();
        }
    }
}
