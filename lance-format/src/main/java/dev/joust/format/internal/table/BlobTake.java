// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.internal.blob.BlobFiles;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.table.BlobFile;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowAddress;

/// Opens single blobs: reads their descriptors, and none of their bytes.
public final class BlobTake {
    private final TableContext table;
    private final Manifest manifest;
    private final String columnPath;
    /// The top-level field, of structs the one child that leads to the blob.
    private final Field field;
    private final BufferSources memory;

    /// @param columnPath name of a blob column; names joined by dots where it is in structs
    /// @throws IllegalArgumentException if there is no such column, or it is no blob
    public BlobTake(TableContext table, Manifest manifest, String columnPath, BufferSources memory) {
        this.table = table;
        this.manifest = manifest;
        this.columnPath = columnPath;
        this.field = find(manifest.schema().fields(), columnPath);
        this.memory = memory;
    }

    private Field find(List<Field> fields, String path) {
        for (Field candidate : fields) {
            if (candidate.name().equals(path)) {
                if (!BlobFields.isBlob(candidate)) {
                    throw new IllegalArgumentException("column '" + columnPath + "' is no blob column");
                }
                return BlobFields.asDescriptors(candidate);
            }
        }
        for (Field candidate : fields) {
            if (candidate.type() instanceof LogicalType.Struct && path.startsWith(candidate.name() + ".")) {
                String rest = path.substring(candidate.name().length() + 1);
                return candidate.withChildren(List.of(find(candidate.children(), rest)));
            }
        }
        throw new IllegalArgumentException("no column '" + columnPath + "'");
    }

    /// @return one per address, in their order; null where the blob is null
    /// @throws IllegalArgumentException for an address where no live row is
    public List<@Nullable BlobFile> take(long[] rowAddresses) throws IOException {
        Map<Long, List<Integer>> indicesByFragment = new LinkedHashMap<>();
        for (int i = 0; i < rowAddresses.length; i++) {
            long fragment = Integer.toUnsignedLong(RowAddress.fragmentId(rowAddresses[i]));
            indicesByFragment.computeIfAbsent(fragment, _ -> new ArrayList<>()).add(i);
        }
        @Nullable BlobFile[] blobs = new @Nullable BlobFile[rowAddresses.length];
        for (Map.Entry<Long, List<Integer>> entry : indicesByFragment.entrySet()) {
            Fragment fragment = manifest.fragment(entry.getKey())
                    .orElseThrow(() -> noRow(rowAddresses[entry.getValue().getFirst()]));
            take(fragment, entry.getValue(), rowAddresses, blobs);
        }
        return Arrays.asList(blobs);
    }

    private int blobId() {
        Field blob = field;
        while (!BlobFields.isBlob(blob)) {
            blob = blob.children().getFirst();
        }
        return blob.id();
    }

    private void take(Fragment fragment, List<Integer> indices, long[] addresses, @Nullable BlobFile[] target)
            throws IOException {
        long[] offsets = new long[indices.size()];
        try (FragmentReader reader = new FragmentReader(table, manifest, fragment, memory)) {
            DeletionVector deletions = reader.deletions();
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = Integer.toUnsignedLong(RowAddress.rowOffset(addresses[indices.get(i)]));
                if (offsets[i] >= fragment.physicalRowCount() || deletions.isDeleted((int) offsets[i])) {
                    throw noRow(addresses[indices.get(i)]);
                }
            }
            BlobFiles files = reader.blobFiles(blobId());
            if (files == null) {
                return; // no file has the column: all null
            }
            try (Batch batch = reader.take(List.of(field), offsets)) {
                for (int i = 0; i < offsets.length; i++) {
                    target[indices.get(i)] = blob(batch.columns().getFirst(), i, files);
                }
            }
        }
    }

    private static @Nullable BlobFile blob(ColumnBuffers column, int row, BlobFiles files) throws IOException {
        if (BlobFields.isBlob(column.field())) {
            return files.blob(column, row);
        }
        return column.isNull(row) ? null : blob(column.children().getFirst(), row, files);
    }

    private IllegalArgumentException noRow(long address) {
        return new IllegalArgumentException(
                "no row at " + RowAddress.toString(address) + " in version " + manifest.version());
    }
}
