// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import com.google.protobuf.UnknownFieldSet;
import org.junit.jupiter.api.Test;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.commit.Transaction;
import dev.joust.format.internal.proto.table.IndexSection;
import dev.joust.io.ObjectPath;
import dev.joust.testdata.GoldenTables;

class ManifestFileTest {
    private static final ObjectPath PATH = ObjectPath.of("_versions/1.manifest");
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Manifest files of every golden table but those of old releases, whose tables are not written to: what their
    /// manifests do not say is filled in.
    private static List<Path> manifests() throws IOException {
        List<Path> files = new ArrayList<>();
        for (var table : GoldenTables.all()) {
            if (table.toString().startsWith("0.")) {
                continue;
            }
            try (Stream<Path> all = Files.walk(table.table())) {
                all.filter(file -> file.toString().endsWith(".manifest")).forEach(files::add);
            }
        }
        assertTrue(files.size() > 20, files.size() + " manifests");
        return files;
    }

    @Test
    void everyManifestOfTheReferenceIsWrittenBackAsItWas() throws IOException {
        for (Path file : manifests()) {
            byte[] bytes = Files.readAllBytes(file);
            var parsed = parse(bytes);
            byte[] written = ManifestFile.toBytes(parsed.manifest(), transactionBytes(bytes, parsed));
            assertEquals(
                    MapFields.inOrder(message(bytes)),
                    MapFields.inOrder(withoutOffsets(message(written), message(bytes))),
                    file.toString());
            assertEquals(indexSection(bytes), indexSection(written), file.toString());
            assertEquals(parsed.manifest(), parse(written).manifest(), file.toString());
        }
    }

    @Test
    void everyTransactionOfTheReferenceIsWrittenBackAsItWas() throws IOException {
        int count = 0;
        for (Path file : manifests()) {
            byte[] bytes = Files.readAllBytes(file);
            var parsed = parse(bytes);
            if (parsed.transactionOffset() == null) {
                continue;
            }
            byte[] inline = transactionBytes(bytes, parsed);
            Transaction transaction = TransactionCodec.parse(inline, new MessageSource(PATH, 0));
            assertEquals(
                    MapFields.inOrder(dev.joust.format.internal.proto.transaction.Transaction.parseFrom(inline)),
                    MapFields.inOrder(dev.joust.format.internal.proto.transaction.Transaction.parseFrom(
                            TransactionCodec.toBytes(transaction))),
                    file.toString());
            count++;
        }
        assertTrue(count > 20, count + " transactions");
    }

    @Test
    void unknownFieldsOfEveryMessageSurvive() throws IOException {
        for (Path file : manifests()) {
            byte[] bytes = Files.readAllBytes(file);
            var parsed = parse(bytes);
            var message = withUnknown(message(bytes));
            IndexSection indices = indexSection(bytes);
            if (indices != null) {
                indices = withUnknown(indices);
            }
            var changed = ManifestFile.parse(PATH, segment(render(message, indices))).manifest();
            byte[] written = ManifestFile.toBytes(changed, transactionBytes(bytes, parsed));
            assertEquals(
                    MapFields.inOrder(message),
                    MapFields.inOrder(withoutOffsets(message(written), message)),
                    file.toString());
            assertEquals(indices, indexSection(written), file.toString());
        }
    }

    @Test
    void truncatedOrFlippedBytesAreReportedOrHarmless() throws IOException {
        long seed = Long.getLong("joust.seed", 7L);
        Random random = new Random(seed);
        for (Path file : manifests()) {
            byte[] bytes = Files.readAllBytes(file);
            for (int cut = 0; cut < bytes.length; cut += 1 + random.nextInt(40)) {
                byte[] shortened = java.util.Arrays.copyOf(bytes, cut);
                try {
                    parse(shortened);
                    fail(file + " cut to " + cut + " bytes was read");
                } catch (CorruptFileException e) {
                    assertTrue(e.getMessage().startsWith(PATH + " @ "), e.getMessage());
                }
            }
            for (int i = 0; i < 20; i++) {
                byte[] flipped = bytes.clone();
                int at = random.nextInt(flipped.length);
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
                try {
                    var parsed = parse(flipped);
                    if (parsed.transactionOffset() != null) {
                        ManifestFile.parseTransaction(PATH, segment(flipped), parsed.transactionOffset());
                    }
                } catch (CorruptFileException | UnsupportedFormatException e) {
                    assertNotNull(e.getMessage());
                } catch (RuntimeException e) {
                    throw new AssertionError(file + ", byte " + at + ", seed " + seed, e);
                }
                long allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
                assertTrue(
                        allocated < (64L << 20) + 16L * flipped.length,
                        () -> file + ", byte " + at + ": " + allocated + " bytes allocated");
            }
        }
    }

    private static <T extends com.google.protobuf.Message> T withUnknown(T message) {
        var builder = message.toBuilder();
        addUnknown(builder);
        @SuppressWarnings("unchecked")
        T changed = (T) builder.build();
        return changed;
    }

    /// Field 9999 in the message and in every message below it that a later version carries over.
    private static void addUnknown(com.google.protobuf.Message.Builder builder) {
        for (var field : builder.getAllFields().keySet()) {
            if (MapFields.isMap(field)
                    || field.getJavaType() != com.google.protobuf.Descriptors.FieldDescriptor.JavaType.MESSAGE
                    || field.getName().equals("timestamp")
                    || field.getName().equals("writer_version")) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = 0; i < builder.getRepeatedFieldCount(field); i++) {
                    var child = ((com.google.protobuf.Message) builder.getRepeatedField(field, i)).toBuilder();
                    addUnknown(child);
                    builder.setRepeatedField(field, i, child.build());
                }
            } else {
                var child = ((com.google.protobuf.Message) builder.getField(field)).toBuilder();
                addUnknown(child);
                builder.setField(field, child.build());
            }
        }
        builder.setUnknownFields(UnknownFieldSet.newBuilder(builder.getUnknownFields())
                .addField(
                        9999,
                        UnknownFieldSet.Field.newBuilder().addVarint(4711).build())
                .build());
    }

    private static byte[] render(
            dev.joust.format.internal.proto.table.Manifest message,
            @org.jspecify.annotations.Nullable IndexSection indices) {
        byte[] section = indices == null ? new byte[0] : indices.toByteArray();
        var builder = message.toBuilder().clearTransactionSection();
        int position = 0;
        if (indices != null) {
            builder.setIndexSection(0);
            position = 4 + section.length;
        }
        byte[] body = builder.build().toByteArray();
        ByteBuffer file = ByteBuffer.allocate(position + 4 + body.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        if (indices != null) {
            file.putInt(section.length).put(section);
        }
        file.putInt(body.length).put(body).putLong(position).putShort((short) 0).putShort((short) 2);
        return file.put(new byte[] {'L', 'A', 'N', 'C'}).array();
    }

    private static ManifestFile.Parsed parse(byte[] bytes) {
        return ManifestFile.parse(PATH, segment(bytes));
    }

    private static MemorySegment segment(byte[] bytes) {
        return MemorySegment.ofArray(bytes);
    }

    private static byte[] section(byte[] bytes, long offset) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        byte[] section = new byte[buffer.getInt((int) offset)];
        buffer.get((int) offset + 4, section);
        return section;
    }

    private static byte[] transactionBytes(byte[] bytes, ManifestFile.Parsed parsed) {
        Long offset = parsed.transactionOffset();
        return offset == null ? new byte[0] : section(bytes, offset);
    }

    private static dev.joust.format.internal.proto.table.Manifest message(byte[] bytes) throws IOException {
        long position =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(bytes.length - 16);
        return dev.joust.format.internal.proto.table.Manifest.parseFrom(section(bytes, position));
    }

    private static @org.jspecify.annotations.Nullable IndexSection indexSection(byte[] bytes) throws IOException {
        var message = message(bytes);
        return message.hasIndexSection() ? IndexSection.parseFrom(section(bytes, message.getIndexSection())) : null;
    }

    /// The message with the offsets of `like`: sections may lie in another order.
    private static dev.joust.format.internal.proto.table.Manifest withoutOffsets(
            dev.joust.format.internal.proto.table.Manifest message,
            dev.joust.format.internal.proto.table.Manifest like) {
        var builder = message.toBuilder().clearIndexSection().clearTransactionSection();
        if (like.hasIndexSection()) {
            builder.setIndexSection(like.getIndexSection());
        }
        if (like.hasTransactionSection()) {
            builder.setTransactionSection(like.getTransactionSection());
        }
        return builder.build();
    }
}
