// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/// Objects (files) below one root: a folder, a bucket's prefix, or memory.
///
/// One call of {@link #read}, {@link #readTail}, {@link #head}, {@link #list}, {@link #put} or {@link #delete} is one
/// request; who wants fewer asks for larger ranges, and {@link FileScheduler} merges near ones.
/// A missing object is a {@link java.nio.file.NoSuchFileException} that names it.
/// Objects are immutable once written, except where `put` replaces a whole object.
/// All methods may be called from any thread at once, and block: callers that wait for many use virtual threads.
public interface ObjectStore extends AutoCloseable {
    /// Where the root is, as the user would name it.
    URI root();

    /// Size and time of one object.
    ObjectMeta head(ObjectPath path) throws IOException;

    /// Fills `target` with the bytes from `offsetInFile`. An object that ends before is an
    /// {@link java.io.EOFException} naming path, offset, bytes wanted and bytes there.
    void read(ObjectPath path, long offsetInFile, MemorySegment target) throws IOException;

    /// The last `maxSizeBytes` bytes, or all of a smaller object, and the object's size, in one request.
    ObjectTail readTail(ObjectPath path, int maxSizeBytes, SegmentAllocator allocator) throws IOException;

    /// The whole object, at most `maxSizeBytes` (a larger one is an {@link IOException}, before anything is allocated).
    byte[] readAll(ObjectPath path, int maxSizeBytes) throws IOException;

    /// Objects whose path starts with the folder `prefix` (at any depth), ordered by path where
    /// {@link #listsInOrder()}. A folder that is not there has no objects.
    List<ObjectMeta> list(ObjectPath prefix) throws IOException;

    /// Names (objects and folders, one level) directly below `folder`. One request.
    List<String> listNames(ObjectPath folder) throws IOException;

    /// The first object directly below `folder`, in the order of names, whose name is `wanted`, among as many as one
    /// request gives, which is all of a small folder. One request.
    Optional<ObjectMeta> firstObject(ObjectPath folder, Predicate<String> wanted) throws IOException;

    /// Writes a whole object, replacing an older one at once: readers see the old or the new bytes.
    void put(ObjectPath path, byte[] bytes) throws IOException;

    /// As {@link #put}, of bytes that can be made again from others, and without waiting until they are on disk: a power
    /// cut may leave an object of that name that is empty or holds other bytes. Who reads it looks whether it is whole.
    default void putDerived(ObjectPath path, byte[] bytes) throws IOException {
        put(path, bytes);
    }

    /// Writes a whole object if none of that name exists, decided by the store in one step: of any number of
    /// callers, in any number of processes, exactly one gets `true`. `false`: there was one already.
    /// After an {@link IOException} the object may or may not be there: read it back.
    boolean putIfAbsent(ObjectPath path, byte[] bytes) throws IOException;

    /// As {@link #putIfAbsent}, and says what listings will call the object.
    ///
    /// @return empty: there was one already
    default Optional<Made> putNew(ObjectPath path, byte[] bytes) throws IOException {
        return putIfAbsent(path, bytes) ? Optional.of(new Made(null)) : Optional.empty();
    }

    /// An object that was made.
    ///
    /// @param identity as {@link ObjectMeta#identity}; null where the store did not tell
    record Made(@Nullable String identity) {}

    /// Starts an object of unknown length. It appears, whole, when {@link ObjectWriter#finish} returns.
    ObjectWriter create(ObjectPath path) throws IOException;

    /// Deletes the object; one that is not there is no error.
    void delete(ObjectPath path) throws IOException;

    /// The whole object as the operating system maps it, read-only, valid as long as the answer is reachable; empty where
    /// the store or the system has no such thing. No request. Where somebody cuts the object short afterwards, reading what
    /// is gone throws an {@link InternalError}.
    default Optional<MemorySegment> mapped(ObjectPath path) throws IOException {
        return Optional.empty();
    }

    /// Whether a request takes milliseconds, so that fewer and larger ones, and keeping what they answered, are worth it.
    default boolean isRemote() {
        return true;
    }

    /// Deletes the objects, in any order, those that are not there too: in as few requests as the store needs. When it
    /// fails, some may be gone.
    default void deleteAll(List<ObjectPath> paths) throws IOException {
        for (ObjectPath path : paths) {
            delete(path);
        }
    }

    /// What is left below a folder, at any depth, of objects whose writers were stopped before they were whole, and what is
    /// being written now. No listing shows it, and nothing but {@link #delete} takes its names. No request: where such
    /// things are not kept as objects are, there are none.
    default List<ObjectMeta> unfinished(ObjectPath folder) throws IOException {
        return List.of();
    }

    /// Whether {@link #list} and {@link #listNames} answer in the order of the names' bytes.
    boolean listsInOrder();

    /// A store with another root that is reached as this one is: with its connection and options, its requests counted
    /// here, and not to be used once this one is closed. Empty for roots of another kind of store.
    ///
    /// @param uriOrPath as in {@link ObjectStores#open(String)}
    default Optional<ObjectStore> sibling(String uriOrPath) {
        return Optional.empty();
    }

    /// Requests and bytes so far, counted at this store.
    ReadStats stats();

    @Override
    void close() throws IOException;
}
