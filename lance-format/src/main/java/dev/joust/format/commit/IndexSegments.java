// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
final class IndexSegments {
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
                live = new RoaringBitmap();
                for (Fragment fragment : fragments) {
                    live.add((int) fragment.id());
                }
            }
            dead.addAll(deadOf(segments, live));
        }
        return dead.isEmpty()
                ? indices
                : indices.stream().filter(index -> !dead.contains(index)).toList();
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
            IndexMetadata oldest = segments.getFirst();
            for (IndexMetadata segment : segments) {
                if (createdAt(segment) < createdAt(oldest)) {
                    oldest = segment;
                }
            }
            dead.remove(oldest);
        }
        return dead;
    }

    private static long createdAt(IndexMetadata index) {
        return index.createdAtMillis() == null ? 0 : index.createdAtMillis();
    }

    /// Fragments that the segment covers; null where it does not say, or not readably: then it stays.
    static @Nullable RoaringBitmap fragmentsOf(IndexMetadata index) {
        Bytes bitmap = index.fragmentBitmap();
        if (bitmap == null) {
            return null;
        }
        try {
            RoaringBitmap fragments = new RoaringBitmap();
            fragments.deserialize(ByteBuffer.wrap(bitmap.toByteArray()));
            return fragments;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }
}
