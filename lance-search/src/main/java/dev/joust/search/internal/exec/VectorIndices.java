// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.index.VectorIndexDetails;
import dev.joust.format.schema.Field;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;
import dev.joust.index.DistanceType;
import dev.joust.index.IndexDirectory;
import dev.joust.index.LiveRowIds;
import dev.joust.index.VectorIndex;
import dev.joust.io.Session;

/// Which index a search of a version uses, worked out once for each version and column, and the segments that are open, by
/// their uuid: index files never change. One per session. Thread-safe.
public final class VectorIndices implements AutoCloseable {
    /// From this version on, entries say something that is not known here (spec: index format A.2).
    private static final int MAX_INDEX_VERSION = 2;

    private static final int VERSIONS_KEPT = 256;

    /// By identity: a manifest is one version of one table.
    private final Cache<Manifest, ConcurrentMap<Integer, ColumnIndex>> columns =
            Caffeine.newBuilder().weakKeys().maximumSize(VERSIONS_KEPT).executor(Runnable::run).build();

    private final Cache<Key, VectorIndex> open;

    private record Key(String root, UUID uuid) {}

    VectorIndices(long capacityBytes) {
        open = Caffeine.newBuilder()
                .maximumWeight(capacityBytes)
                .weigher((Key key, VectorIndex index) -> (int) Math.min(Integer.MAX_VALUE, index.sizeBytes()))
                .executor(Runnable::run)
                .build();
    }

    public static VectorIndices of(Session session) {
        return session.resource(VectorIndices.class, owner -> new VectorIndices(owner.batchMemoryBytes() / 8));
    }

    /// What there is to search the column with.
    ColumnIndex of(Dataset dataset, Field column) throws IOException {
        ConcurrentMap<Integer, ColumnIndex> ofVersion = columns.get(dataset.manifest(), _ -> new ConcurrentHashMap<>());
        ColumnIndex known = ofVersion.get(column.id());
        if (known == null) {
            known = find(dataset, column);
            ofVersion.put(column.id(), known);
        }
        return known;
    }

    private ColumnIndex find(Dataset dataset, Field column) throws IOException {
        Manifest manifest = dataset.manifest();
        List<String> notes = new ArrayList<>();
        String name = null;
        DistanceType metric = null;
        List<ColumnIndex.Segment> segments = new ArrayList<>();
        RoaringBitmap covered = new RoaringBitmap();
        for (IndexMetadata entry : entries(manifest, column, notes)) {
            RoaringBitmap fragments = LiveRowIds.liveFragments(dataset, entry);
            if (fragments == null) {
                continue;
            }
            fragments.andNot(covered); // a fragment that two claim is the first one's
            if (fragments.isEmpty()) {
                continue;
            }
            VectorIndex index = opened(dataset, entry, notes);
            if (index == null || (metric != null && index.metric() != metric)) {
                continue;
            }
            name = entry.name();
            metric = index.metric();
            LiveRows rows = new LiveRows(LiveRowIds.of(dataset, fragments, index), index.partitionCount());
            segments.add(new ColumnIndex.Segment(index, rows));
            covered.or(fragments);
        }
        List<Fragment> uncovered = manifest.fragments().stream()
                .filter(fragment -> !covered.contains((int) fragment.id()))
                .toList();
        return new ColumnIndex(name, metric, segments, uncovered, notes, new CandidateVectors());
    }

    /// Segments of the first index of the column.
    private static List<IndexMetadata> entries(Manifest manifest, Field column, List<String> notes) {
        List<IndexMetadata> chosen = new ArrayList<>();
        for (IndexMetadata entry : manifest.indices()) {
            if (entry.name().equals(IndexMetadata.FRAGMENT_REUSE)) {
                notes.add("rows moved by a compaction that left indices as they were: they are not used");
                return List.of();
            }
            if (!entry.fieldIds().isEmpty()
                    && entry.fieldIds().getFirst() == column.id()
                    && VectorIndexDetails.isVectorIndex(entry.detailsTypeUrl())
                    && (chosen.isEmpty() || chosen.getFirst().name().equals(entry.name()))) {
                if (entry.indexVersion() != null && entry.indexVersion() > MAX_INDEX_VERSION) {
                    notes.add("index '" + entry.name() + "' is of version " + entry.indexVersion() + ", which is not known");
                } else {
                    chosen.add(entry);
                }
            }
        }
        return chosen;
    }

    /// A segment, opened now or before.
    ///
    /// @param notes why it was not, for people
    /// @return null if it is of a layout that is not read here
    public @Nullable VectorIndex opened(Dataset dataset, IndexMetadata entry, List<String> notes) throws IOException {
        IndexDirectory directory = IndexDirectory.of(dataset.session(), dataset.indexFolder(entry), entry);
        try {
            return open.get(new Key(directory.folder().store().root().toString(), entry.uuid()), _ -> {
                try {
                    return VectorIndex.open(directory);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UnsupportedFormatException e) {
            notes.add("index '" + entry.name() + "' is not used: " + e.getMessage());
            return null;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        columns.invalidateAll();
        open.invalidateAll();
    }
}
