// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.store;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import dev.joust.io.Durability;
import dev.joust.io.ObjectPath;

/// From object paths to files, without leaving the root. Thread-safe.
final class LocalFiles {
    /// Folders known to lie below the root; forgotten when there are too many.
    private static final int KNOWN_FOLDER_COUNT = 4096;

    /// How often a write makes its folder anew, which someone else's delete may take away in between.
    private static final int FOLDER_ATTEMPTS = 100;

    /// One call of the operating system reads at most this much; also what a `ByteBuffer` can hold.
    private static final long MAX_STEP_BYTES = 1 << 30;

    private static final boolean WINDOWS = File.separatorChar == '\\';

    private final Path root;
    private final Set<Path> knownFolders = ConcurrentHashMap.newKeySet();
    private final FolderSync folders = new FolderSync(LocalFiles::force);

    LocalFiles(Path root) {
        this.root = root;
    }

    /// Where the object is or would be. Its folder, where there is one, lies below the root; the last name may be
    /// anything.
    Path file(ObjectPath path) throws IOException {
        return file(path, false);
    }

    private Path file(ObjectPath path, boolean mayBeTemporary) throws IOException {
        if (path.equals(ObjectPath.ROOT)) {
            throw new IllegalArgumentException("an object needs a name");
        }
        Path file = resolve(path, mayBeTemporary);
        requireBelowRoot(file.getParent(), path);
        return file;
    }

    /// The folder of that path, which may not be there.
    Path folder(ObjectPath path) throws IOException {
        Path folder = path.equals(ObjectPath.ROOT) ? root : resolve(path, false);
        requireBelowRoot(folder, path);
        return folder;
    }

    FileChannel openForRead(ObjectPath path) throws IOException {
        Path file = file(path);
        try {
            return open(file);
        } catch (NoSuchFileException e) {
            throw missing(path, e);
        } catch (IOException e) {
            if (Files.isSymbolicLink(file)) {
                Path target = file.toRealPath();
                requireBelowRoot(target, path);
                return open(target);
            }
            throw notADirectory(e) ? missing(path, e) : named("opening", path, e);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /// Empty on Windows, where a file that is mapped cannot be deleted, and for an empty file.
    Optional<MemorySegment> map(ObjectPath path) throws IOException {
        if (WINDOWS) {
            return Optional.empty();
        }
        try (FileChannel channel = openForRead(path)) {
            long sizeBytes = channel.size();
            if (sizeBytes == 0) {
                return Optional.empty();
            }
            return Optional.of(channel.map(FileChannel.MapMode.READ_ONLY, 0, sizeBytes, Arena.ofAuto()));
        } catch (UnsupportedOperationException e) {
            return Optional.empty(); // a file system of another provider
        }
    }

    BasicFileAttributes attributes(ObjectPath path) throws IOException {
        Path file = file(path);
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isSymbolicLink()) {
                Path target = file.toRealPath();
                requireBelowRoot(target, path);
                attributes = Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            }
            if (!attributes.isRegularFile()) {
                throw missing(path, null);
            }
            return attributes;
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw missing(path, e);
        } catch (IOException e) {
            throw notADirectory(e) ? missing(path, e) : named("looking up", path, e);
        }
    }

    /// Fills `target` from an open file.
    void readFully(FileChannel channel, ObjectPath path, long offsetInFile, MemorySegment target) throws IOException {
        long done = 0;
        while (done < target.byteSize()) {
            long stepBytes = Math.min(target.byteSize() - done, MAX_STEP_BYTES);
            int count;
            try {
                count = channel.read(target.asSlice(done, stepBytes).asByteBuffer(), offsetInFile + done);
            } catch (IOException e) {
                requireFile(path);
                throw named("reading at " + (offsetInFile + done), path, e);
            }
            if (count < 0) {
                throw new EOFException(path + " @ " + offsetInFile + ": " + target.byteSize() + " bytes wanted, " + done
                        + " there");
            }
            done += count;
        }
    }

    /// A folder can be opened like a file, and shows only later that it is none.
    void requireFile(ObjectPath path) throws IOException {
        if (Files.isDirectory(file(path))) {
            throw missing(path, null);
        }
    }

    private static boolean notADirectory(IOException e) {
        return e instanceof FileSystemException f && f.getReason() != null && f.getReason().contains("Not a directory");
    }

    TemporaryFile createTemporary(ObjectPath path, Durability durability) throws IOException {
        Path target = file(path);
        if (Files.isDirectory(target)) {
            throw new FileSystemException(path.value(), null, "is a folder");
        }
        for (int attempt = 1;; attempt++) {
            try {
                createFolders(target.getParent(), durability);
                requireBelowRoot(target.getParent(), path);
                return TemporaryFile.create(path, target, durability, folder -> syncFolder(folder, durability));
            } catch (NoSuchFileException e) {
                if (attempt == FOLDER_ATTEMPTS) {
                    throw named("creating", path, e);
                }
            } catch (IOException e) {
                throw named("creating", path, e);
            }
        }
    }

    void delete(ObjectPath path, Durability durability) throws IOException {
        Path file = file(path, true);
        try {
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) || !Files.deleteIfExists(file)) {
                return;
            }
            Path folder = removeEmptyFolders(file.getParent());
            syncFolder(folder, durability);
        } catch (NoSuchFileException | NotDirectoryException e) {
            // a folder on the way went with its last object: so did this one
        } catch (IOException e) {
            if (!notADirectory(e)) {
                throw named("deleting", path, e);
            }
        }
    }

    /// The nearest folder that stays.
    private Path removeEmptyFolders(Path folder) throws IOException {
        Path current = folder;
        while (!current.equals(root)) {
            try {
                Files.delete(current);
                knownFolders.remove(current);
            } catch (DirectoryNotEmptyException e) {
                return current;
            } catch (NoSuchFileException e) {
                // another delete was faster
            } catch (FileSystemException e) {
                return current; // a link to a folder, or not ours to remove: it stays
            }
            current = current.getParent();
        }
        return current;
    }

    private void createFolders(Path folder, Durability durability) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        var missing = new ArrayDeque<Path>();
        for (Path p = folder; p != null && !Files.isDirectory(p); p = p.getParent()) {
            missing.push(p);
        }
        for (Path p : missing) {
            try {
                Files.createDirectory(p);
            } catch (FileAlreadyExistsException e) {
                if (Files.isRegularFile(p)) {
                    throw e;
                }
                if (!Files.isDirectory(p)) {
                    throw new NoSuchFileException(p.toString(), null, "gone again by somebody's delete");
                }
            }
            syncFolder(p.getParent(), durability);
        }
    }

    private void syncFolder(Path folder, Durability durability) throws IOException {
        if (durability == Durability.FSYNC && !WINDOWS) {
            folders.sync(folder);
        }
    }

    /// Where folders cannot be opened (Windows) the file system does it itself.
    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (NoSuchFileException e) {
            // gone again by somebody's delete, and its entries with it
        }
    }

    private Path resolve(ObjectPath path, boolean mayBeTemporary) throws IOException {
        String[] segments = path.value().split("/", -1);
        try {
            Path file = root;
            for (String segment : segments) {
                if (TemporaryFile.isTemporaryName(segment) && !mayBeTemporary) {
                    throw new IllegalArgumentException("'" + path + "': names of temporary files are reserved");
                }
                file = file.resolve(segment);
            }
            if (!file.normalize().equals(file) || !file.startsWith(root)) {
                throw new IllegalArgumentException("'" + path + "' is not below the store's root");
            }
            return file;
        } catch (InvalidPathException e) {
            throw new IOException("'" + path + "' cannot be a file name here: " + e.getReason()
                    + " (letters outside ASCII need a UTF-8 locale, such as LC_ALL=C.UTF-8)", e);
        }
    }

    /// Refuses a folder that symbolic links lead out of the root. One that does not exist passes: it is made as a
    /// folder, or not at all.
    private void requireBelowRoot(Path folder, ObjectPath path) throws IOException {
        if (folder.equals(root) || knownFolders.contains(folder)) {
            return;
        }
        try {
            if (!folder.toRealPath().startsWith(root.toRealPath())) {
                throw new AccessDeniedException(path.value(), null, "a symbolic link leads out of " + root);
            }
        } catch (AccessDeniedException e) {
            throw e;
        } catch (FileSystemException e) {
            return; // not there, or a file where a folder should be: whatever is done next says so
        }
        if (knownFolders.size() >= KNOWN_FOLDER_COUNT) {
            knownFolders.clear();
        }
        knownFolders.add(folder);
    }

    static NoSuchFileException missing(ObjectPath path, @Nullable Exception cause) {
        var exception = new NoSuchFileException(path.value());
        exception.initCause(cause);
        return exception;
    }

    /// The same failure, telling what was done to which object; an interrupt as such.
    static IOException named(String doing, ObjectPath path, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            var interrupted = new InterruptedIOException(path + ": interrupted while " + doing);
            interrupted.initCause(e);
            return interrupted;
        }
        if (e instanceof InterruptedIOException || (e instanceof FileSystemException named && named.getFile() != null
                && named.getFile().equals(path.value()))) {
            return e;
        }
        String reason = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        if (e instanceof AccessDeniedException) {
            reason = "permission denied";
        }
        var described = new FileSystemException(path.value(), null, doing + ": " + reason);
        described.initCause(e);
        return described;
    }
}
