// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.ScanOptions;
import dev.joust.index.FlatSearch;
import dev.joust.index.Neighbor;
import dev.joust.index.VectorColumn;
import dev.joust.io.Session;
import dev.joust.io.SharedWork;

/// Finds the nearest rows of fragments of a table by looking at every vector. Reads the vector column alone; vectors of
/// fragments stay in the session's {@link VectorCache}.
final class VectorSearch {
    /// A search over fewer bytes takes well under a millisecond and stays on the caller's thread.
    private static final long MIN_BYTES_TO_SHARE = 8L << 20;

    /// How many vectors a row of several is taken to have before it is read.
    private static final long SOME_VECTORS = 16;

    private final Session session;
    private final Dataset dataset;
    private final URI table;
    private final VectorColumn column;
    private final List<Fragment> fragments;
    private final long rowCount;
    private final long rowBytes;

    /// @param table     where the table lies, to tell it from others in the session
    /// @param fragments to look at
    VectorSearch(Session session, Dataset dataset, URI table, VectorColumn column, List<Fragment> fragments) {
        this.session = session;
        this.dataset = dataset;
        this.table = table;
        this.column = column;
        this.fragments = fragments;
        this.rowCount = fragments.stream().mapToLong(Fragment::liveRowCount).sum();
        this.rowBytes = (column.isMulti() ? SOME_VECTORS : 1L) * column.element().widthBytes() * column.dimension();
    }

    /// @param threads 1 for the caller's alone, 0 for as many as pay
    /// @param passing rows that may be found; null means all
    List<Neighbor> nearest(FlatSearch search, int threads, @Nullable RowAddressSet passing) throws IOException {
        FlatSearch filtered = passing == null ? search : search.where(passing::contains);
        if (rowCount * (rowBytes + Long.BYTES) > VectorCache.of(session).capacityBytes()) {
            return streamed(filtered);
        }
        List<VectorCache.Vectors> held = new ArrayList<>();
        try {
            hold(held);
            return search(filtered, threads, held);
        } finally {
            held.forEach(VectorCache.Vectors::release);
        }
    }

    /// More vectors than fit: each batch is looked at and dropped.
    private List<Neighbor> streamed(FlatSearch search) throws IOException {
        FlatSearch.Collector collector = search.newCollector(rowCount);
        try (BatchReader reader = dataset.scan(scan(fragments))) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (Batch rows = batch) {
                    collector.add(column.in(rows), Scans.longs(rows.column(ScanOptions.ROW_ADDRESS)));
                }
            }
        }
        return FlatSearch.merge(List.of(collector));
    }

    private ScanOptions scan(List<Fragment> wanted) {
        ScanOptions scan = ScanOptions.ALL.withColumns(column.path()).withRowAddresses();
        return wanted.size() == dataset.manifest().fragments().size()
                ? scan
                : scan.withFragments(wanted.stream().map(Fragment::id).toList());
    }

    /// Collects the vectors of all fragments; neighbours that are not cached are read together.
    private void hold(List<VectorCache.Vectors> held) throws IOException {
        VectorCache cache = VectorCache.of(session);
        for (Fragment fragment : fragments) {
            VectorCache.Vectors vectors = cache.get(key(fragment));
            if (vectors == null) {
                break;
            }
            held.add(vectors);
        }
        if (held.size() == fragments.size()) {
            return;
        }
        synchronized (cache.loadLock(table)) {
            load(cache, held);
        }
    }

    /// From the first fragment on that is not held.
    private void load(VectorCache cache, List<VectorCache.Vectors> held) throws IOException {
        int heldCount = held.size();
        List<Fragment> missing = new ArrayList<>();
        for (int i = 0; i < fragments.size(); i++) {
            Fragment fragment = fragments.get(i);
            if (i >= heldCount) {
                VectorCache.Vectors vectors = cache.get(key(fragment));
                if (vectors == null) {
                    missing.add(fragment);
                } else {
                    held.add(vectors);
                    read(missing, held);
                }
            }
        }
        read(missing, held);
    }

    private VectorCache.Key key(Fragment fragment) {
        String dataFile = "";
        for (DataFile file : fragment.files()) {
            if (file.columnIndexOf(column.field().id()) >= 0) {
                dataFile = file.path();
            }
        }
        return new VectorCache.Key(table, fragment.id(), dataFile, column.field().id(), fragment.deletionFile());
    }

    /// Reads the fragments' vectors, which follow each other.
    private void read(List<Fragment> missing, List<VectorCache.Vectors> held) throws IOException {
        if (missing.isEmpty()) {
            return;
        }
        Map<Long, VectorCache.Builder> builders = new LinkedHashMap<>();
        long missingCount = 0;
        for (Fragment fragment : missing) {
            builders.put(fragment.id(), new VectorCache.Builder());
            missingCount += fragment.liveRowCount();
        }
        VectorCache.of(session).makeRoom(missingCount * (rowBytes + Long.BYTES));
        boolean complete = false;
        try (BatchReader reader = dataset.scan(scan(missing))) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                add(batch, builders);
            }
            complete = true;
        } finally {
            VectorCache cache = VectorCache.of(session);
            for (Fragment fragment : missing) {
                VectorCache.Vectors vectors = builders.get(fragment.id()).build();
                held.add(vectors);
                if (complete) {
                    cache.put(key(fragment), vectors);
                }
            }
            missing.clear();
        }
    }

    private void add(Batch batch, Map<Long, VectorCache.Builder> builders) {
        long[] addresses = Scans.longs(batch.column(ScanOptions.ROW_ADDRESS));
        long first = Integer.toUnsignedLong(RowAddress.fragmentId(addresses[0]));
        VectorCache.Builder builder = builders.get(first);
        if (builder == null
                || RowAddress.fragmentId(addresses[0]) != RowAddress.fragmentId(addresses[addresses.length - 1])) {
            batch.close();
            throw new IllegalStateException("a batch of rows of fragment " + first + " and others");
        }
        ColumnBuffers vectors = column.in(batch);
        builder.add(new VectorCache.Piece(batch, vectors, addresses), column.sizeBytes(vectors));
    }

    private List<Neighbor> search(FlatSearch search, int threads, List<VectorCache.Vectors> held) throws IOException {
        List<VectorCache.Piece> pieces = new ArrayList<>();
        held.forEach(vectors -> pieces.addAll(vectors.pieces()));
        int workers = threads == 1 || rowCount * rowBytes < MIN_BYTES_TO_SHARE ? 1 : Math.min(session.workerCount(), pieces.size());
        Queue<FlatSearch.Collector> idle = new ConcurrentLinkedQueue<>();
        SharedWork.forEach(session.computeExecutor(), workers, pieces.size(), i -> {
            FlatSearch.Collector known = idle.poll();
            FlatSearch.Collector collector = known == null ? search.newCollector(rowCount) : known;
            collector.add(pieces.get(i).column(), pieces.get(i).rowAddresses());
            idle.add(collector);
        });
        return FlatSearch.merge(List.copyOf(idle));
    }
}
