// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;

import dev.joust.format.internal.bytes.ByteSink;
import dev.joust.format.internal.proto.file.Metadata;
import dev.joust.format.internal.proto.table.Manifest;

/// Damages a 0.1 file: besides bytes anywhere, entries of its page table, positions and offsets at the start of pages, and
/// its two messages.
final class LegacyFileMutator implements FileMutator {
    private final byte[] original;
    private final ByteBuffer bytes;
    private final Random random;
    private final MessageMutator messages;
    private final Metadata metadata;
    private final Manifest description;
    private final int metadataAt;
    private final int tableAt;
    private final int tableEntries;

    LegacyFileMutator(byte[] original, Random random) throws InvalidProtocolBufferException {
        this.original = original;
        this.bytes = ByteBuffer.wrap(original).order(ByteOrder.LITTLE_ENDIAN);
        this.random = random;
        this.messages = new MessageMutator(random);
        this.metadataAt = (int) bytes.getLong(original.length - 16);
        this.metadata = Metadata.parseFrom(message(metadataAt));
        this.description = Manifest.parseFrom(message((int) metadata.getManifestPosition()));
        this.tableAt = (int) metadata.getPageTablePosition();
        var ids = description.getFieldsList().stream().mapToInt(field -> field.getId()).summaryStatistics();
        this.tableEntries = (metadata.getBatchOffsetsCount() - 1) * (ids.getMax() - ids.getMin() + 1);
    }

    private ByteString message(int at) {
        return ByteString.copyFrom(original, at + 4, bytes.getInt(at));
    }

    @Override
    public List<Integer> borders() {
        TreeSet<Integer> borders = new TreeSet<>();
        for (int i = 0; i < tableEntries; i++) {
            borders.add((int) bytes.getLong(tableAt + 16 * i));
        }
        borders.add(0);
        borders.add(tableAt);
        borders.add(tableAt + 16 * tableEntries);
        borders.add((int) metadata.getManifestPosition());
        borders.add(metadataAt);
        borders.add(original.length - 16);
        borders.add(original.length - 8);
        borders.add(original.length - 1);
        return List.copyOf(borders);
    }

    @Override
    public byte[] mutant() {
        ByteMutator damage = new ByteMutator(random, messages, borders());
        return switch (random.nextInt(6)) {
            case 0 -> damage.changed(original, 0, original.length);
            case 1 -> damage.changed(original, tableAt, original.length);
            case 2, 3 -> withEntryChanged();
            case 4 -> withMessages(metadata, messages.changed(description));
            default -> withMessages(messages.changed(metadata), description);
        };
    }

    /// One of the 64-bit numbers of the page table, or one where a page starts, has another value.
    private byte[] withEntryChanged() {
        byte[] changed = original.clone();
        if (tableEntries <= 0) {
            return changed;
        }
        ByteBuffer target = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int entry = tableAt + 8 * random.nextInt(2 * tableEntries);
            int page = (int) bytes.getLong(tableAt + 16 * random.nextInt(tableEntries)) + 4 * random.nextInt(20);
            int at = random.nextInt(3) == 0 ? Math.clamp(page, 0, original.length - 8) : entry;
            long value =
                    switch (random.nextInt(4)) {
                        case 0 -> messages.extreme();
                        case 1 -> bytes.getLong(tableAt + 8 * random.nextInt(2 * tableEntries)); // another's
                        case 2 -> random.nextInt(original.length);
                        default -> target.getLong(at) + random.nextInt(17) - 8;
                    };
            target.putLong(at, value);
        }
        return changed;
    }

    /// The file with these messages instead of its own, behind everything else.
    private byte[] withMessages(Message newMetadata, Message newDescription) {
        ByteSink sink = new ByteSink(original.length * 2);
        sink.bytes(original, 0, metadataAt);
        if (newMetadata.equals(metadata)) {
            int descriptionAt = sink.size();
            byte[] described = newDescription.toByteArray();
            sink.u32(described.length).bytes(described);
            newMetadata = metadata.toBuilder().setManifestPosition(descriptionAt).build();
        }
        int newMetadataAt = sink.size();
        byte[] placed = newMetadata.toByteArray();
        sink.u32(placed.length).bytes(placed).u64(newMetadataAt).bytes(original, original.length - 8, 8);
        return sink.toByteArray();
    }
}
