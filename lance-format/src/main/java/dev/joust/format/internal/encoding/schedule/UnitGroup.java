// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.io.ByteRange;

/// Small units of a file that are read together, so that those near each other are one request.
final class UnitGroup {
    /// Of a unit, in gaps that are cheaper to read than to skip: a larger one is a request of its own.
    private static final int UNIT_GAPS = 16;
    private static final long GROUP_BYTES = 8 << 20;

    private final OpenFile file;
    private final List<ScanUnit> units = new ArrayList<>();
    private long sizeBytes;

    private UnitGroup(OpenFile file) {
        this.file = file;
    }

    /// Starts reading all of them but those that are read verbatim.
    static void start(OpenFile file, List<ScanUnit> units, BufferSources sources) {
        UnitGroup group = new UnitGroup(file);
        for (ScanUnit unit : units) {
            if (unit.isVerbatim()) {
                continue;
            }
            long unitBytes = unit.sizeBytes();
            if (!unit.isReadAtOnce() || unitBytes > UNIT_GAPS * file.scheduler().mergeGapBytes()) {
                unit.start(sources);
                continue;
            }
            if (group.sizeBytes + unitBytes > GROUP_BYTES) {
                group.start(sources);
                group = new UnitGroup(file);
            }
            group.units.add(unit);
            group.sizeBytes += unitBytes;
        }
        group.start(sources);
    }

    private void start(BufferSources sources) {
        if (units.size() < 2) {
            units.forEach(unit -> unit.start(sources));
            return;
        }
        CompletableFuture<List<ScanUnit.Loaded>> all = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return load(sources.open());
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                file.session().ioExecutor());
        for (int i = 0; i < units.size(); i++) {
            int index = i;
            units.get(i).startWith(all.thenApply(loaded -> loaded.get(index)));
        }
    }

    private List<ScanUnit.Loaded> load(BufferSource memory) throws IOException {
        try {
            BufferSource shared = new SharedMemory(memory, units.size());
            List<List<ByteRange>> rangesByUnit = new ArrayList<>();
            List<ByteRange> ranges = new ArrayList<>();
            for (ScanUnit unit : units) {
                rangesByUnit.add(unit.ranges());
                ranges.addAll(rangesByUnit.getLast());
            }
            var bytes = file.scheduler().read(ranges, shared);
            List<ScanUnit.Loaded> loaded = new ArrayList<>();
            int next = 0;
            for (int i = 0; i < units.size(); i++) {
                int count = rangesByUnit.get(i).size();
                PageBytes ofUnit = new PageBytes(rangesByUnit.get(i), bytes.subList(next, next + count));
                loaded.add(units.get(i).loaded(ofUnit, shared));
                next += count;
            }
            return loaded;
        } catch (Throwable e) {
            memory.close();
            throw e;
        }
    }
}
