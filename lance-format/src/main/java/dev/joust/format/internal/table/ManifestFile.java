// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.commit.Transaction;
import dev.joust.format.table.Manifest;
import dev.joust.io.ObjectPath;

/// The bytes of a manifest file, little endian (spec: table format 1.4).
///
///     [u32 length | IndexSection]      Manifest.index_section       = offset of its length
///     [u32 length | Transaction]       Manifest.transaction_section = offset of its length
///      u32 length | Manifest           <- manifest position
///      footer:   0  i64  manifest position
///                8  u16  major, 10 u16 minor, 12 "LANC"
///
/// Nothing lies between the manifest message and the footer. Offset 0 is a real offset.
public final class ManifestFile {
    static final int FOOTER_SIZE_BYTES = 16;
    /// A transaction that is longer stays in its own file.
    static final int MAX_INLINE_TRANSACTION_BYTES = 20 * 1024 * 1024;

    static final int LENGTH_BYTES = 4;
    private static final short MAJOR_VERSION = 0;
    private static final short MINOR_VERSION = 2;
    private static final byte[] MAGIC = "LANC".getBytes(StandardCharsets.US_ASCII);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// @param transactionOffset of the inline transaction's length, null where there is none
    public record Parsed(Manifest manifest, @Nullable Long transactionOffset) {}

    private ManifestFile() {}

    /// Where the manifest's length is, from the end of the file.
    ///
    /// @param tail the last bytes of the file, at least the footer where the file is that long
    static long manifestPosition(ObjectPath file, long fileSizeBytes, MemorySegment tail) {
        if (fileSizeBytes < FOOTER_SIZE_BYTES + LENGTH_BYTES || tail.byteSize() < FOOTER_SIZE_BYTES) {
            throw new CorruptFileException(
                    file, 0, "manifest file", "holds " + fileSizeBytes + " bytes, fewer than a footer and a length");
        }
        long footer = tail.byteSize() - FOOTER_SIZE_BYTES;
        long footerInFile = fileSizeBytes - FOOTER_SIZE_BYTES;
        for (int i = 0; i < MAGIC.length; i++) {
            if (tail.get(ValueLayout.JAVA_BYTE, footer + 12 + i) != MAGIC[i]) {
                throw new CorruptFileException(file, footerInFile + 12, "manifest footer", "does not end in LANC");
            }
        }
        long position = tail.get(I64, footer);
        if (position < 0 || position > footerInFile - LENGTH_BYTES) {
            throw new CorruptFileException(
                    file, footerInFile, "manifest footer", "manifest at " + position + " of " + fileSizeBytes + " bytes");
        }
        return position;
    }

    /// A part of the file that was fetched.
    ///
    /// @param startInFile of the bytes
    record View(ObjectPath file, MemorySegment bytes, long startInFile, long fileSizeBytes) {
        static View whole(ObjectPath file, MemorySegment bytes) {
            return new View(file, bytes, 0, bytes.byteSize());
        }

        boolean holds(long start, long end) {
            return start >= startInFile && end <= startInFile + bytes.byteSize();
        }
    }

    /// Bytes of a section and of the length before it.
    ///
    /// @param view that holds at least its length, if the section is in the file at all
    static long sectionSizeBytes(View view, long offset, String structure) {
        long end = view.fileSizeBytes() - FOOTER_SIZE_BYTES;
        if (offset < 0 || offset > end - LENGTH_BYTES) {
            throw new CorruptFileException(
                    view.file(), 0, structure, "is said to be at " + offset + ", the footer is at " + end);
        }
        long length = Integer.toUnsignedLong(view.bytes().get(U32, offset - view.startInFile()));
        long remaining = end - offset - LENGTH_BYTES;
        if (length > remaining) {
            throw new CorruptFileException(
                    view.file(), offset, structure, "needs " + length + " bytes, " + remaining + " remain");
        }
        return LENGTH_BYTES + length;
    }

    private static byte[] section(View view, long offset, String structure) {
        long length = sectionSizeBytes(view, offset, structure) - LENGTH_BYTES;
        return view.bytes()
                .asSlice(offset - view.startInFile() + LENGTH_BYTES, length)
                .toArray(ValueLayout.JAVA_BYTE);
    }

    /// The manifest without its indices.
    ///
    /// @param view from the manifest's position to the end of the file at least
    static ManifestCodec.Parsed parseManifest(View view, long position) {
        byte[] message = section(view, position, "manifest");
        if (position + LENGTH_BYTES + message.length + FOOTER_SIZE_BYTES != view.fileSizeBytes()) {
            throw new CorruptFileException(
                    view.file(), position, "manifest", "length " + message.length + " leaves "
                            + (view.fileSizeBytes() - FOOTER_SIZE_BYTES - position - LENGTH_BYTES - message.length)
                            + " bytes before the footer");
        }
        return ManifestCodec.parse(message, new MessageSource(view.file(), position + LENGTH_BYTES));
    }

    /// @param view that holds the section whole
    static ManifestCodec.Indices parseIndices(View view, long offset) {
        return ManifestCodec.parseIndexSection(
                section(view, offset, "index section"), new MessageSource(view.file(), offset + LENGTH_BYTES));
    }

    /// @param whole the file from its first to its last byte
    static Parsed parse(ObjectPath file, MemorySegment whole) {
        View view = View.whole(file, whole);
        long position = manifestPosition(file, whole.byteSize(), whole);
        ManifestCodec.Parsed parsed = parseManifest(view, position);
        Long indexOffset = parsed.indexSectionOffset();
        ManifestCodec.Indices indices =
                indexOffset == null ? ManifestCodec.Indices.NONE : parseIndices(view, indexOffset);
        return new Parsed(
                ManifestCodec.toManifest(parsed, indices, new MessageSource(file, position + LENGTH_BYTES)),
                parsed.transactionSectionOffset());
    }

    /// The transaction inside the file.
    ///
    /// @param whole the file from its first to its last byte
    static Transaction parseTransaction(ObjectPath file, MemorySegment whole, long offset) {
        return TransactionCodec.parse(
                section(View.whole(file, whole), offset, "transaction section"),
                new MessageSource(file, offset + LENGTH_BYTES));
    }

    /// The file that holds the manifest, its indices and the transaction that made it.
    ///
    /// @param transaction in bytes; left out if too long, or null
    public static byte[] toBytes(Manifest manifest, byte @Nullable [] transaction) {
        var file = new ByteArrayOutputStream();
        Long indexOffset = null;
        Long transactionOffset = null;
        if (!manifest.indices().isEmpty() || !manifest.unmodelledOfIndexSection().isEmpty()) {
            indexOffset = (long) file.size();
            writeSection(file, ManifestCodec.indexSectionBytes(manifest));
        }
        if (transaction != null && transaction.length <= MAX_INLINE_TRANSACTION_BYTES) {
            transactionOffset = (long) file.size();
            writeSection(file, transaction);
        }
        long position = file.size();
        writeSection(file, ManifestCodec.toBytes(manifest, indexOffset, transactionOffset));
        file.writeBytes(ByteBuffer.allocate(FOOTER_SIZE_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(position)
                .putShort(MAJOR_VERSION)
                .putShort(MINOR_VERSION)
                .put(MAGIC)
                .array());
        return file.toByteArray();
    }

    private static void writeSection(ByteArrayOutputStream file, byte[] bytes) {
        file.writeBytes(ByteBuffer.allocate(LENGTH_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array());
        file.writeBytes(bytes);
    }
}
