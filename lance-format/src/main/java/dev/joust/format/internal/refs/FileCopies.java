// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.refs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.encoding.schedule.Waiting;
import dev.joust.format.internal.table.DeletionFiles;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.internal.table.TablePaths;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.DeletionFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectWriter;

/// Copies all files of one version, wherever they lie, into the folders of another table: data files with the blobs
/// beside them, deletion files, indices. What blobs name outside the table stays there. Used once.
final class FileCopies {
    private static final int CHUNK_BYTES = 8 << 20;
    private static final int AT_ONCE = 8;
    private static final int MAX_DELETION_FILE_BYTES = 1 << 30;
    private static final String DATA_SUFFIX = ".lance";
    private static final ObjectPath INDICES = ObjectPath.of("_indices");

    private final TableContext source;
    private final Manifest manifest;
    private final ObjectStore target;
    private final Map<ObjectPath, Place> sources = new LinkedHashMap<>();

    /// @param sizeBytes -1 where unknown
    /// @param deletions what the manifest says of a deletion file; null for others
    private record Place(ObjectStore store, ObjectPath path, long sizeBytes, @Nullable DeletionFile deletions) {
        boolean isSameAs(Place other) {
            return store.root().equals(other.store.root()) && path.equals(other.path);
        }
    }

    FileCopies(TableContext source, Manifest manifest, ObjectStore target) {
        this.source = source;
        this.manifest = manifest;
        this.target = target;
    }

    void copy() throws IOException {
        plan();
        Deque<Future<?>> running = new ArrayDeque<>();
        try {
            for (Map.Entry<ObjectPath, Place> file : sources.entrySet()) {
                if (running.size() == AT_ONCE) {
                    Waiting.forResult(running.remove());
                }
                running.add(source.session().ioExecutor().submit(() -> {
                    copy(file.getValue(), file.getKey());
                    return null;
                }));
            }
            while (!running.isEmpty()) {
                Waiting.forResult(running.remove());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a table was copied");
        } finally {
            Waiting.untilDone(new ArrayList<>(running));
        }
    }

    private void plan() throws IOException {
        for (Fragment fragment : manifest.fragments()) {
            for (DataFile file : fragment.files()) {
                TableContext.FileLocation at = source.locate(manifest, file);
                add(TablePaths.DATA.resolve(file.path()), new Place(at.store(), at.path(), file.sizeBytes() > 0 ? file.sizeBytes() : -1, null));
                addBlobs(file, at);
            }
            DeletionFile deletions = fragment.deletionFile();
            if (deletions != null) {
                String name = deletions.fileName(fragment.id());
                TableContext.FileLocation folder =
                        source.folder(manifest, deletions.baseId(), TablePaths.DELETIONS);
                add(
                        TablePaths.DELETIONS.resolve(name),
                        new Place(folder.store(), folder.path().resolve(name), -1, deletions));
            }
        }
        for (IndexMetadata index : manifest.indices()) {
            String name = index.uuid().toString();
            TableContext.FileLocation folder = source.folder(manifest, index.baseId(), INDICES);
            addAll(folder.store(), folder.path().resolve(name), INDICES.resolve(name));
        }
    }

    /// The folder beside a data file that has its name holds blobs of it.
    private void addBlobs(DataFile file, TableContext.FileLocation at) throws IOException {
        boolean mayHaveBlobs = manifest.schema().preOrder().stream()
                .anyMatch(field -> dev.joust.format.internal.blob.BlobFields.isBlob(field)
                        && file.columnIndexOf(field.id()) >= 0);
        if (mayHaveBlobs && file.path().endsWith(DATA_SUFFIX)) {
            addAll(at.store(), withoutSuffix(at.path()), withoutSuffix(TablePaths.DATA.resolve(file.path())));
        }
    }

    private static ObjectPath withoutSuffix(ObjectPath path) {
        return ObjectPath.of(path.value().substring(0, path.value().length() - DATA_SUFFIX.length()));
    }

    private void addAll(ObjectStore store, ObjectPath folder, ObjectPath targetFolder) throws IOException {
        for (ObjectMeta object : store.list(folder)) {
            String below = object.path().value().substring(folder.value().length() + 1);
            add(targetFolder.resolve(below), new Place(store, object.path(), object.sizeBytes(), null));
        }
    }

    private void add(ObjectPath path, Place place) {
        Place before = sources.putIfAbsent(path, place);
        if (before != null && !before.isSameAs(place)) {
            throw new CorruptFileException("version " + manifest.version() + ": two files of different bases are both called "
                    + path + ", and can't both be copied");
        }
    }

    private void copy(Place from, ObjectPath to) throws IOException {
        if (from.deletions() != null) {
            // Nothing says how long it is: it is whole if it holds as many rows as the manifest says.
            byte[] bytes = from.store().readAll(from.path(), MAX_DELETION_FILE_BYTES);
            DeletionFiles.parseUnknown(from.path(), bytes, from.deletions());
            target.put(to, bytes);
            return;
        }
        long sizeBytes = from.sizeBytes() >= 0
                ? from.sizeBytes()
                : from.store().head(from.path()).sizeBytes();
        try (Arena arena = Arena.ofConfined();
                ObjectWriter writer = target.create(to)) {
            MemorySegment chunk = arena.allocate(Math.min(CHUNK_BYTES, sizeBytes));
            for (long done = 0; done < sizeBytes; done += chunk.byteSize()) {
                MemorySegment part = chunk.asSlice(0, Math.min(chunk.byteSize(), sizeBytes - done));
                from.store().read(from.path(), done, part);
                writer.write(part);
            }
            writer.finish();
        }
    }
}
