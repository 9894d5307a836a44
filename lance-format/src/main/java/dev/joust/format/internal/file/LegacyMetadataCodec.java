// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.google.protobuf.InvalidProtocolBufferException;

import dev.joust.format.internal.bytes.ByteCursor;
import dev.joust.format.internal.proto.file.Field;
import dev.joust.format.internal.proto.file.Metadata;
import dev.joust.format.internal.proto.table.Manifest;
import dev.joust.format.schema.Schema;

/// The two messages of a 0.1 file, read only (spec: legacy format 2.1).
final class LegacyMetadataCodec {
    /// Where writers 0.8.2 to 0.8.19 had the statistics.
    private static final int OLD_STATISTICS = 4;

    private LegacyMetadataCodec() {}

    /// Where things are.
    ///
    /// @param manifestPosition  of the file's description of itself; 0 for none
    /// @param batchStarts       first row of each batch, and the number of all rows last; ascending from 0
    /// @param pageTablePosition of {i64 position, i64 length} by column and batch
    @SuppressWarnings("ArrayRecordComponent") // handed on to one owner
    record Positions(long manifestPosition, int[] batchStarts, long pageTablePosition, boolean hasStatistics) {}

    /// Values of a dictionary column, in the file.
    ///
    /// @param valueCount how many
    record DictionaryAt(long offsetInFile, long valueCount) {}

    /// @param dictionaries by field id
    record Description(Schema schema, Map<Integer, DictionaryAt> dictionaries) {}

    /// Reads the message `Metadata`, all that `cursor` has left.
    static Positions parsePositions(ByteCursor cursor) {
        String structure = "file metadata";
        ByteCursor start = new ByteCursor(cursor.file(), cursor.positionInFile(), MemorySegment.NULL);
        Metadata message;
        try {
            message = Metadata.parseFrom(cursor.restAsArray());
        } catch (InvalidProtocolBufferException e) {
            throw start.corrupt(structure, "is not a message: " + e.getMessage());
        }
        List<Integer> offsets = message.getBatchOffsetsList();
        int[] batchStarts = new int[Math.max(1, offsets.size())];
        for (int i = 0; i < offsets.size(); i++) {
            batchStarts[i] = offsets.get(i);
            int before = i == 0 ? 0 : batchStarts[i - 1];
            if (batchStarts[i] < before || (i == 0 && batchStarts[i] != 0)) {
                throw start.corrupt(structure, "batch " + i + " starts at row " + batchStarts[i] + ", after row " + before);
            }
        }
        return new Positions(
                message.getManifestPosition(),
                batchStarts,
                message.getPageTablePosition(),
                message.hasStatistics() || message.getUnknownFields().hasField(OLD_STATISTICS));
    }

    /// Reads what of a message `Manifest` a data file is described by, all that `cursor` has left.
    static Description parseDescription(ByteCursor cursor) {
        ByteCursor start = new ByteCursor(cursor.file(), cursor.positionInFile(), MemorySegment.NULL);
        Manifest message;
        try {
            message = Manifest.parseFrom(cursor.restAsArray());
        } catch (InvalidProtocolBufferException e) {
            throw start.corrupt("description of the file", "is not a message: " + e.getMessage());
        }
        Map<Integer, DictionaryAt> dictionaries = new HashMap<>();
        for (Field field : message.getFieldsList()) {
            if (field.hasDictionary() && field.getDictionary().getLength() != 0) {
                dictionaries.put(
                        field.getId(),
                        new DictionaryAt(
                                field.getDictionary().getOffset(),
                                field.getDictionary().getLength()));
            }
        }
        return new Description(
                SchemaCodec.parse(start, message.getFieldsList(), MapEntriesCodec.bytes(message.getSchemaMetadataList())), dictionaries);
    }
}
