// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;

import dev.joust.format.file.ByteMutator;
import dev.joust.format.file.MessageMutator;
import dev.joust.format.internal.proto.table.DataFragment;
import dev.joust.format.internal.proto.table.IndexSection;
import dev.joust.format.internal.proto.table.Manifest;
import dev.joust.format.internal.proto.table.RowDatasetVersionSequence;
import dev.joust.format.internal.proto.table.RowIdSequence;
import dev.joust.format.internal.proto.transaction.Transaction;

/// Damages a manifest file: bytes anywhere, or one field of the manifest, its index section, its transaction or a
/// sequence of row ids, with everything around it intact.
final class ManifestMutator {
    private static final int FOOTER_BYTES = 16;

    private final byte[] original;
    private final Random random;
    private final MessageMutator messages;
    private final int position;
    private final Manifest manifest;
    private final byte @Nullable [] indices;
    private final byte @Nullable [] transaction;

    ManifestMutator(byte[] original, Random random) throws InvalidProtocolBufferException {
        this.original = original;
        this.random = random;
        this.messages = new MessageMutator(random);
        this.position = (int) little(original).getLong(original.length - FOOTER_BYTES);
        this.manifest = Manifest.parseFrom(section(position));
        this.indices = manifest.hasIndexSection() ? section(manifest.getIndexSection()) : null;
        this.transaction = manifest.hasTransactionSection()
                ? section(manifest.getTransactionSection())
                : manifest.hasTransactionSectionDeprecated()
                        ? section(manifest.getTransactionSectionDeprecated())
                        : null;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] section(long offset) {
        byte[] section = new byte[little(original).getInt((int) offset)];
        System.arraycopy(original, (int) offset + 4, section, 0, section.length);
        return section;
    }

    Manifest manifest() {
        return manifest;
    }

    boolean hasTransaction() {
        return transaction != null;
    }

    /// The file with another manifest in it.
    byte[] with(Manifest changed) {
        return file(changed, indices, transaction);
    }

    /// The manifest without its inline transaction: who asks for that reads the file.
    byte[] withoutTransaction() {
        return file(manifest, indices, null);
    }

    /// The manifest with every row there, deleted ones too.
    byte[] withoutDeletions() {
        Manifest.Builder builder = manifest.toBuilder();
        builder.getFragmentsBuilderList().forEach(DataFragment.Builder::clearDeletionFile);
        return file(builder.build(), indices, transaction);
    }

    byte[] mutant() throws InvalidProtocolBufferException {
        return switch (random.nextInt(10)) {
            case 0 -> bytes().changed(original, 0, original.length);
            case 1 -> bytes().changed(original, position, original.length);
            case 2 -> withOffsetChanged();
            case 3 -> indices == null ? withMessageChanged() : withIndicesChanged();
            case 4, 5 -> withSequenceChanged();
            case 6, 7 -> withFragmentChanged();
            default -> withMessageChanged();
        };
    }

    /// Only the inline transaction differs, which must be there.
    byte[] transactionMutant() throws InvalidProtocolBufferException {
        return file(manifest, indices, transactionMutant(java.util.Objects.requireNonNull(transaction), random));
    }

    static byte[] transactionMutant(byte[] message, Random random) throws InvalidProtocolBufferException {
        MessageMutator messages = new MessageMutator(random);
        if (random.nextInt(3) == 0) {
            return new ByteMutator(random, messages, List.of(0, message.length)).changed(message, 0, message.length);
        }
        return messages.changed(Transaction.parseFrom(message)).toByteArray();
    }

    private ByteMutator bytes() {
        List<Integer> borders = new ArrayList<>(List.of(0, position, original.length - FOOTER_BYTES));
        if (manifest.hasIndexSection()) {
            borders.add((int) manifest.getIndexSection());
        }
        if (manifest.hasTransactionSection()) {
            borders.add((int) manifest.getTransactionSection());
        }
        return new ByteMutator(random, messages, borders);
    }

    private byte[] withOffsetChanged() {
        long value = random.nextBoolean() ? messages.extreme() : random.nextInt(original.length + 1);
        return switch (random.nextInt(3)) {
            case 0 -> {
                byte[] changed = original.clone();
                little(changed).putLong(changed.length - FOOTER_BYTES, value);
                yield changed;
            }
            case 1 -> file(manifest.toBuilder().setIndexSection(value).build(), null, transaction);
            default -> file(manifest.toBuilder().setTransactionSection(value).build(), indices, null);
        };
    }

    private byte[] withIndicesChanged() throws InvalidProtocolBufferException {
        return file(manifest, messages.changed(IndexSection.parseFrom(indices)).toByteArray(), transaction);
    }

    private byte[] withMessageChanged() {
        Manifest changed = (Manifest) messages.changed(manifest);
        for (int more = random.nextInt(3); more > 0; more--) {
            changed = (Manifest) messages.changed(changed);
        }
        return file(changed, indices, transaction);
    }

    private byte[] withFragmentChanged() {
        if (manifest.getFragmentsCount() == 0) {
            return withMessageChanged();
        }
        int at = random.nextInt(manifest.getFragmentsCount());
        DataFragment changed = (DataFragment) messages.changed(manifest.getFragments(at));
        return file(manifest.toBuilder().setFragments(at, changed).build(), indices, transaction);
    }

    /// A sequence of row ids differs, if there is one: in its kind, or its ids, or both.
    byte[] withSequenceChanged() throws InvalidProtocolBufferException {
        List<Integer> withIds = new ArrayList<>();
        for (int i = 0; i < manifest.getFragmentsCount(); i++) {
            if (manifest.getFragments(i).hasInlineRowIds()) {
                withIds.add(i);
            }
        }
        if (withIds.isEmpty()) {
            return withFragmentChanged();
        }
        int at = withIds.get(random.nextInt(withIds.size()));
        DataFragment.Builder fragment = manifest.getFragments(at).toBuilder();
        if (fragment.hasInlineCreatedAtVersions() && random.nextInt(6) == 0) {
            fragment.setInlineCreatedAtVersions(messages.changed(
                            RowDatasetVersionSequence.parseFrom(fragment.getInlineCreatedAtVersions()))
                    .toByteString());
        } else if (random.nextInt(6) == 0) {
            byte[] ids = fragment.getInlineRowIds().toByteArray();
            fragment.setInlineRowIds(ByteString.copyFrom(
                    new ByteMutator(random, messages, List.of(0, ids.length)).changed(ids, 0, ids.length)));
        } else {
            RowIdSequence ids = RowIdSequence.parseFrom(fragment.getInlineRowIds());
            if (random.nextInt(4) != 0) {
                ids = ListedIds.sequence(ListedIds.of(ids), random);
            }
            fragment.setInlineRowIds(
                    random.nextInt(4) == 0 ? ids.toByteString() : messages.changed(ids).toByteString());
        }
        return file(manifest.toBuilder().setFragments(at, fragment).build(), indices, transaction);
    }

    /// @param newIndices     null leaves what the message says of them
    /// @param newTransaction null leaves what the message says of it
    private byte[] file(Manifest message, byte @Nullable [] newIndices, byte @Nullable [] newTransaction) {
        Manifest.Builder builder = message.toBuilder();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        if (newIndices != null) {
            builder.setIndexSection(file.size());
            write(file, newIndices);
        }
        if (newTransaction != null) {
            builder.setTransactionSection(file.size());
            write(file, newTransaction);
        } else if (message.getTransactionSection() == manifest.getTransactionSection()) {
            builder.clearTransactionSection().clearTransactionSectionDeprecated();
        }
        long newPosition = file.size();
        write(file, builder.build().toByteArray());
        file.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(newPosition).array());
        file.write(original, original.length - 8, 8);
        return file.toByteArray();
    }

    private static void write(ByteArrayOutputStream file, byte[] section) {
        file.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(section.length).array());
        file.writeBytes(section);
    }
}
