// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.file.LegacyPage;
import dev.joust.io.ByteRange;
import dev.joust.io.FileScheduler;

/// Fetches bytes of one file in rounds: whoever gets what he needed may need more, which the next round brings. Not
/// thread-safe.
final class Fetch {
    /// Rows that are read together share next to nothing: positions next to each other share one. Pages that are made
    /// to overlap would multiply the bytes of a file without end.
    private static final int MAX_FILE_SIZES = 2;

    private static final long MIN_LIMIT_BYTES = 1 << 16;

    private final FileScheduler file;
    private final SegmentAllocator memory;
    private final TreeMap<Long, Piece> pieces = new TreeMap<>();
    private List<Piece> missing = new ArrayList<>();
    private List<Need> needs = new ArrayList<>();
    private long neededBytes;
    private long prefetchedBytes;

    /// @param memory of the bytes
    Fetch(FileScheduler file, SegmentAllocator memory) {
        this.file = file;
        this.memory = memory;
    }

    private static final class Piece {
        final ByteRange range;
        @Nullable MemorySegment bytes;

        Piece(ByteRange range) {
            this.range = range;
        }

        void handTo(Need need) {
            if (bytes != null) {
                need.user.accept(bytes.asSlice(need.range.offset() - range.offset(), need.range.length()));
            }
        }
    }

    private record Need(Piece piece, ByteRange range, Consumer<MemorySegment> user) {}

    /// Brings bytes in the next round that will be needed later, unless that is more than the file has.
    void prefetch(ByteRange range) {
        prefetchedBytes += range.length();
        if (range.length() > 0 && prefetchedBytes <= file.sizeBytes() && find(range) == null) {
            add(range);
        }
    }

    /// Has `user` called with these bytes: now if they are there, else in the next round.
    ///
    /// @param page that the bytes are of, for errors
    void need(LegacyPage page, ByteRange range, Consumer<MemorySegment> user) {
        neededBytes += range.length();
        if (neededBytes > MAX_FILE_SIZES * file.sizeBytes() + MIN_LIMIT_BYTES) {
            throw page.corrupt("with it " + neededBytes + " bytes are wanted for one batch, the file has "
                    + file.sizeBytes());
        }
        if (range.length() == 0) {
            user.accept(MemorySegment.NULL);
            return;
        }
        Piece piece = find(range);
        Need need = new Need(piece == null ? add(range) : piece, range, user);
        if (need.piece.bytes == null) {
            needs.add(need);
        } else {
            need.piece.handTo(need);
        }
    }

    private @Nullable Piece find(ByteRange range) {
        Map.Entry<Long, Piece> before = pieces.floorEntry(range.offset());
        return before != null && before.getValue().range.end() >= range.end() ? before.getValue() : null;
    }

    private Piece add(ByteRange range) {
        Piece piece = new Piece(range);
        pieces.put(range.offset(), piece);
        missing.add(piece);
        return piece;
    }

    /// Round after round, until nobody needs more.
    void run() throws IOException {
        while (!missing.isEmpty() || !needs.isEmpty()) {
            List<Piece> round = missing;
            List<Need> users = needs;
            missing = new ArrayList<>();
            needs = new ArrayList<>();
            List<MemorySegment> bytes =
                    file.read(round.stream().map(piece -> piece.range).toList(), memory);
            for (int i = 0; i < bytes.size(); i++) {
                round.get(i).bytes = bytes.get(i);
            }
            users.forEach(need -> need.piece.handTo(need));
        }
    }
}
