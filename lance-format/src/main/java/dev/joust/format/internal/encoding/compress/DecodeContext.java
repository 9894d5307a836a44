// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

import dev.joust.format.CorruptFileException;
import dev.joust.io.ObjectPath;

/// What decoders of one task share: temporary memory, and where in the file they are, for errors. Not thread-safe.
public final class DecodeContext {
    private final ObjectPath file;
    private final SegmentAllocator temporary;
    private long offsetInFile;
    private String structure = "page";
    private long structureIndex = -1;

    /// @param temporary for what lives no longer than the task
    public DecodeContext(ObjectPath file, SegmentAllocator temporary) {
        this.file = file;
        this.temporary = temporary;
    }

    public ObjectPath file() {
        return file;
    }

    /// Memory that lives as long as the task.
    public SegmentAllocator temporary() {
        return temporary;
    }

    /// Decoding goes on at this place.
    ///
    /// @param index number of the structure, -1 for none
    public void enter(long newOffsetInFile, String newStructure, long index) {
        offsetInFile = newOffsetInFile;
        structure = newStructure;
        structureIndex = index;
    }

    /// An exception for damage found where decoding is.
    public CorruptFileException corrupt(String problem) {
        return new CorruptFileException(
                file, offsetInFile, structureIndex < 0 ? structure : structure + " " + structureIndex, problem);
    }

    /// Fails if `needed` bytes are not there.
    public void require(MemorySegment bytes, long needed, String what) {
        if (needed < 0 || bytes.byteSize() < needed) {
            throw corrupt(what + " needs " + needed + " bytes, there are " + bytes.byteSize());
        }
    }

    /// Temporary memory that a decoder keeps for its next chunk.
    public final class Scratch {
        private MemorySegment segment = MemorySegment.NULL;

        /// At least `sizeBytes`; what was in it before may be gone.
        public MemorySegment atLeast(long sizeBytes) {
            if (segment.byteSize() < sizeBytes) {
                segment = temporary.allocate(Math.max(sizeBytes, Math.min(2 * segment.byteSize(), 1 << 20)), 64);
            }
            return segment;
        }
    }

    public Scratch newScratch() {
        return new Scratch();
    }
}
