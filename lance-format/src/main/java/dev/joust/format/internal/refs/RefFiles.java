// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.refs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

import dev.joust.format.internal.encoding.schedule.Waiting;
import dev.joust.format.internal.json.JsonParser;
import dev.joust.format.internal.json.JsonValue;
import dev.joust.format.internal.json.JsonWriter;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;

/// The small files of one kind of reference. Thread-safe.
///
/// @param root      of the table, also where a branch asks
/// @param folder    {@link RefPaths#TAGS} or {@link RefPaths#BRANCHES}
/// @param structure what the files hold, for errors
public record RefFiles(ObjectStore root, ExecutorService executor, ObjectPath folder, String structure) {
    private static final int MAX_FILE_BYTES = 1 << 20;

    public ObjectPath path(String name) {
        return RefPaths.file(folder, name);
    }

    public Optional<JsonValue.Obj> find(String name) throws IOException {
        try {
            return Optional.of(JsonParser.parseObject(path(name), structure, root.readAll(path(name), MAX_FILE_BYTES)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// All of them by name. One listing, and a get for each; one that is deleted meanwhile is left out.
    public SortedMap<String, JsonValue.Obj> list() throws IOException {
        List<String> names = new ArrayList<>();
        try {
            for (String fileName : root.listNames(folder)) {
                RefPaths.nameOf(fileName).ifPresent(names::add);
            }
        } catch (NoSuchFileException e) {
            return new TreeMap<>();
        }
        SortedMap<String, JsonValue.Obj> found = new TreeMap<>();
        if (names.size() == 1) {
            find(names.getFirst()).ifPresent(object -> found.put(names.getFirst(), object));
            return found;
        }
        Map<String, Future<Optional<JsonValue.Obj>>> futures = new TreeMap<>();
        names.forEach(name -> futures.put(name, executor.submit(() -> find(name))));
        for (Map.Entry<String, Future<Optional<JsonValue.Obj>>> entry : futures.entrySet()) {
            try {
                Waiting.forResult(entry.getValue()).ifPresent(object -> found.put(entry.getKey(), object));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while " + folder + " was read");
            }
        }
        return found;
    }

    /// Where the store does not tell, or may mean an earlier try of its own, the file is read back.
    ///
    /// @param object that no other writer has: with an id, or the time in nanoseconds
    /// @return whether there was none of that name
    public boolean putIfAbsent(String name, JsonValue.Obj object) throws IOException {
        byte[] bytes = JsonWriter.toBytes(object);
        try {
            return root.putIfAbsent(path(name), bytes) || holds(name, bytes);
        } catch (IOException e) {
            if (readBack(() -> holds(name, bytes), e)) {
                return true;
            }
            throw e;
        }
    }

    /// Where the store does not tell whether it did, the file is read back.
    public void put(String name, JsonValue.Obj object) throws IOException {
        byte[] bytes = JsonWriter.toBytes(object);
        try {
            root.put(path(name), bytes);
        } catch (IOException e) {
            if (!readBack(() -> holds(name, bytes), e)) {
                throw e;
            }
        }
    }

    /// Where the store does not tell whether it did, it is asked for the file.
    public void delete(String name) throws IOException {
        try {
            root.delete(path(name));
        } catch (IOException e) {
            if (!readBack(() -> !exists(name), e)) {
                throw e;
            }
        }
    }

    private boolean holds(String name, byte[] bytes) throws IOException {
        try {
            return Arrays.equals(root.readAll(path(name), MAX_FILE_BYTES), bytes);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private boolean exists(String name) throws IOException {
        try {
            root.head(path(name));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @FunctionalInterface
    private interface Question {
        boolean ask() throws IOException;
    }

    private static boolean readBack(Question question, IOException failure) {
        try {
            return question.ask();
        } catch (IOException e) {
            failure.addSuppressed(e);
            return false;
        }
    }
}
