// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.blob;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.net.URISyntaxException;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.file.DataFileSink;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectWriter;

/// Where the bytes of blobs go while a data file is written: each is passed on when it comes, none is gathered
/// (spec: file format 3.5, table format 1.6).
///
///     inline      in the data file, at a multiple of 64 bytes, before the page of its descriptor
///     packed      in a file that several share, one behind the other; one such file is open at a time
///     dedicated   in a file of its own
///     external    nowhere: only its URI is kept
///
/// Files of blobs lie in a folder named as the data file, numbered from 1. What was written before a failure is
/// referred to by nobody. Not thread-safe.
public final class BlobOutput implements AutoCloseable {
    private final boolean allowExternal;
    private @Nullable Target target;
    private @Nullable Pack pack;
    private int lastBlobId;

    private record Target(ObjectStore store, ObjectPath dataFile, DataFileSink sink) {}

    /// @param limitBytes no blob is added that would bring it over this
    private record Pack(int blobId, ObjectWriter writer, long limitBytes) {}

    /// Writes nothing until {@link #attach}.
    ///
    /// @param allowExternal URIs may be kept that lead out of the table: whoever reads the blob reads what they name
    public BlobOutput(boolean allowExternal) {
        this.allowExternal = allowExternal;
    }

    public void attach(ObjectStore store, ObjectPath dataFile, DataFileSink sink) {
        target = new Target(store, dataFile, sink);
    }

    private Target target() {
        if (target == null) {
            throw new IllegalStateException("a blob before its file");
        }
        return target;
    }

    /// @return position in the data file
    public long writeInline(MemorySegment bytes) throws IOException {
        return target().sink().writeAligned(bytes);
    }

    /// As the table's field says by thresholds.
    BlobDescriptor write(MemorySegment bytes, BlobThresholds thresholds) throws IOException {
        long size = bytes.byteSize();
        if (size > thresholds.dedicatedBytes()) {
            return new BlobDescriptor(BlobDescriptor.Kind.DEDICATED, 0, size, writeDedicated(bytes), "");
        }
        if (size > thresholds.inlineBytes()) {
            Pack to = packFor(size, thresholds.packBytes());
            long position = to.writer().position();
            to.writer().write(bytes);
            return new BlobDescriptor(BlobDescriptor.Kind.PACKED, position, size, to.blobId(), "");
        }
        return new BlobDescriptor(BlobDescriptor.Kind.INLINE, size == 0 ? 0 : writeInline(bytes), size, 0, "");
    }

    private int writeDedicated(MemorySegment bytes) throws IOException {
        int blobId = ++lastBlobId;
        try (ObjectWriter writer = create(blobId)) {
            writer.write(bytes);
            writer.finish();
        }
        return blobId;
    }

    private Pack packFor(long sizeBytes, long limitBytes) throws IOException {
        Pack open = pack;
        if (open == null || open.limitBytes() != limitBytes || open.writer().position() + sizeBytes > limitBytes) {
            finishPack();
            int blobId = ++lastBlobId;
            open = new Pack(blobId, create(blobId), limitBytes);
            pack = open;
        }
        return open;
    }

    private ObjectWriter create(int blobId) throws IOException {
        return target().store().create(BlobFiles.sidecar(target().dataFile(), blobId));
    }

    /// @param position first byte of the part that is meant
    /// @param size     its bytes; 0 for the whole
    BlobDescriptor external(String uri, long position, long size) {
        if (!allowExternal) {
            throw new IllegalArgumentException("a blob at '" + uri + "', outside the table: writing such has to be allowed");
        }
        try {
            URI parsed = new URI(uri.replace(" ", "%20"));
            if (!parsed.isAbsolute()) {
                throw new IllegalArgumentException("a blob at '" + uri + "': that is no absolute URI");
            }
            return new BlobDescriptor(BlobDescriptor.Kind.EXTERNAL, position, size, 0, parsed.toASCIIString());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("a blob at '" + uri + "': that is no URI", e);
        }
    }

    private void finishPack() throws IOException {
        if (pack != null) {
            try (ObjectWriter writer = pack.writer()) {
                writer.finish();
            }
            pack = null;
        }
    }

    /// Makes the last file of blobs visible; to be called before the data file is finished.
    public void finish() throws IOException {
        finishPack();
    }

    @Override
    public void close() throws IOException {
        if (pack != null) {
            pack.writer().close();
            pack = null;
        }
    }
}
