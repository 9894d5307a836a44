// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.table.Bytes;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;

/// Which segments of an index still cover something (spec: table format 3.2, index maintenance).
public final class IndexSegments {
    /// Segments that do not say when they were made come last.
    private static final Comparator<IndexMetadata> OLDEST_FIRST = Comparator.comparing(
                    IndexMetadata::createdAtMillis, Comparator.nullsLast(Comparator.<Long>naturalOrder()))
            .thenComparingLong(IndexMetadata::datasetVersion);

    private IndexSegments() {}

    /// Without segments that cover no fragment of the table, where the index has several; one stays as its definition.
    static List<IndexMetadata> withoutDeadSegments(List<IndexMetadata> indices, List<Fragment> fragments) {
        Map<String, List<IndexMetadata>> byName = new LinkedHashMap<>();
        for (IndexMetadata index : indices) {
            byName.computeIfAbsent(index.name(), _ -> new ArrayList<>()).add(index);
        }
        Set<IndexMetadata> dead = new HashSet<>();
        RoaringBitmap live = null;
        for (List<IndexMetadata> segments : byName.values()) {
            if (segments.size() < 2 || segments.getFirst().isSystem()) {
                continue;
            }
            if (live == null) {
                live = ids(fragments);
            }
            dead.addAll(deadOf(segments, live));
        }
        return dead.isEmpty()
                ? indices
                : indices.stream().filter(index -> !dead.contains(index)).toList();
    }

    static RoaringBitmap ids(List<Fragment> fragments) {
        RoaringBitmap ids = new RoaringBitmap();
        fragments.forEach(fragment -> ids.add((int) fragment.id()));
        return ids;
    }

    private static List<IndexMetadata> deadOf(List<IndexMetadata> segments, RoaringBitmap live) {
        List<IndexMetadata> dead = new ArrayList<>();
        for (IndexMetadata segment : segments) {
            RoaringBitmap covered = fragmentsOf(segment);
            if (covered != null && !RoaringBitmap.intersects(covered, live)) {
                dead.add(segment);
            }
        }
        if (dead.size() == segments.size()) {
            dead.remove(Collections.min(segments, OLDEST_FIRST));
        }
        return dead;
    }

    /// Fragments that the segment covers; null where it does not say, or not readably: then it stays.
    public static @Nullable RoaringBitmap fragmentsOf(IndexMetadata index) {
        Bytes bitmap = index.fragmentBitmap();
        if (bitmap == null) {
            return null;
        }
        try {
            return parse(bitmap, "covered fragments");
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// A bitmap that the caller of a commit gave.
    static RoaringBitmap parse(Bytes bitmap, String what) {
        try {
            RoaringBitmap parsed = new RoaringBitmap();
            parsed.deserialize(ByteBuffer.wrap(bitmap.toByteArray()));
            return parsed;
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(what + " are no Roaring bitmap", e);
        }
    }

    /// As {@link IndexMetadata#fragmentBitmap} holds it.
    public static Bytes bytes(RoaringBitmap fragments) {
        ByteBuffer bytes = ByteBuffer.allocate(fragments.serializedSizeInBytes());
        fragments.serialize(bytes);
        return Bytes.of(bytes.array());
    }
}
