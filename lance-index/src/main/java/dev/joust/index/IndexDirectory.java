// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import dev.joust.format.file.LanceFileReader;
import dev.joust.format.table.IndexFolder;
import dev.joust.format.table.IndexMetadata;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;

/// The files of one index segment, `_indices/<uuid>/…`. Thread-safe; holds nothing open.
///
/// @param sizesBytes of files by name, as far as the manifest says them
public record IndexDirectory(Session session, IndexFolder folder, Map<String, Long> sizesBytes) {
    public IndexDirectory {
        sizesBytes = Map.copyOf(sizesBytes);
    }

    /// The folder of a segment that a manifest lists.
    public static IndexDirectory of(Session session, IndexFolder folder, IndexMetadata segment) {
        Map<String, Long> sizes = new HashMap<>();
        for (IndexMetadata.IndexFile file : segment.files()) {
            if (file.sizeBytes() > 0) {
                sizes.put(file.path(), file.sizeBytes());
            }
        }
        return new IndexDirectory(session, folder, sizes);
    }

    public ObjectPath path(String name) {
        return folder.path().resolve(name);
    }

    /// Opens a file, which takes one request if the session does not remember it.
    public LanceFileReader open(String name) throws IOException {
        return LanceFileReader.open(session, folder.store(), path(name), sizesBytes.getOrDefault(name, -1L));
    }
}
