// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import org.jspecify.annotations.Nullable;

import dev.joust.io.ByteRange;

/// Where the entries of a {@link DiskCache} lie, and how much they take. Entries carry the time of their last use as the
/// time of their last change. Thread-safe.
final class CacheFolder {
    static final String TEMPORARY = ".tmp-";
    /// Evicting leaves so much, so that it need not be done again at once.
    private static final double KEPT_SHARE = 0.8;
    /// Whoever wrote it is gone.
    private static final Duration TEMPORARY_LIFE = Duration.ofHours(1);

    private final Path path;
    private final long capacityBytes;
    private final AtomicLong sizeBytes = new AtomicLong();
    /// Written under while the folder is measured: nobody would count an entry that came into it meanwhile.
    private final ReadWriteLock measuring = new ReentrantReadWriteLock();

    CacheFolder(Path path, long capacityBytes) {
        this.path = path;
        this.capacityBytes = capacityBytes;
    }

    /// Where the ranges of a file lie.
    Path of(FileKey file) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(file.text().getBytes(UTF_8));
            String name = HexFormat.of().formatHex(digest, 0, 16);
            return path.resolve(name.substring(0, 2)).resolve(name.substring(2));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The same, made if it is missing, for this user alone: what is kept there may be read by no one else.
    Path made(FileKey file) throws IOException {
        Path directory = of(file);
        if (!Files.isDirectory(directory)) {
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectories(
                        directory,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectories(directory);
            }
        }
        return directory;
    }

    static String name(long offset, long length) {
        return offset + "-" + length;
    }

    /// What an entry holds, by its name; null for other files.
    static @Nullable ByteRange rangeOf(Path entry) {
        String name = entry.getFileName().toString();
        int dash = name.indexOf('-');
        if (!name.matches("[0-9]{1,18}-[0-9]{1,10}")) {
            return null;
        }
        return new ByteRange(Long.parseLong(name.substring(0, dash)), Long.parseLong(name.substring(dash + 1)));
    }

    void touch(Path entry) throws IOException {
        try {
            Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
        } catch (NoSuchFileException e) {
            return; // evicted meanwhile
        }
    }

    void delete(Path entry) throws IOException {
        long size;
        try {
            size = Files.size(entry);
            Files.delete(entry);
        } catch (NoSuchFileException e) {
            return;
        }
        sizeBytes.addAndGet(-size);
        try {
            Files.delete(entry.resolveSibling("").normalize());
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
            return; // other ranges are there
        }
    }

    private record Listed(Path path, long sizeBytes, Instant used) {}

    /// Finds out what is there, and deletes what killed processes left.
    void measure() throws IOException {
        measuring.writeLock().lock();
        try {
            evict(list());
        } finally {
            measuring.writeLock().unlock();
        }
    }

    /// Puts an entry in its place, and evicts others if they are too many then.
    ///
    /// @param temporary the entry, complete
    void publish(Path temporary, Path entry, long addedBytes) throws IOException {
        boolean tooLarge;
        measuring.readLock().lock();
        try {
            Files.move(temporary, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            tooLarge = sizeBytes.addAndGet(addedBytes) > capacityBytes;
        } finally {
            measuring.readLock().unlock();
        }
        if (tooLarge) {
            evictIfTooLarge();
        }
    }

    private void evictIfTooLarge() throws IOException {
        measuring.writeLock().lock();
        try {
            if (sizeBytes.get() > capacityBytes) {
                evict(list());
            }
        } finally {
            measuring.writeLock().unlock();
        }
    }

    private void evict(List<Listed> entries) throws IOException {
        long total = entries.stream().mapToLong(Listed::sizeBytes).sum();
        sizeBytes.set(total);
        if (total <= capacityBytes) {
            return;
        }
        entries.sort(Comparator.comparing(Listed::used));
        for (Listed entry : entries) {
            if (sizeBytes.get() <= capacityBytes * KEPT_SHARE) {
                return;
            }
            delete(entry.path());
        }
    }

    private List<Listed> list() throws IOException {
        List<Listed> found = new ArrayList<>();
        if (!Files.isDirectory(path)) {
            return found;
        }
        Instant oldTemporary = Instant.now().minus(TEMPORARY_LIFE);
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Instant changed = attributes.lastModifiedTime().toInstant();
                if (file.getFileName().toString().startsWith(TEMPORARY)) {
                    if (changed.isBefore(oldTemporary)) {
                        Files.deleteIfExists(file);
                    }
                } else if (rangeOf(file) != null) {
                    found.add(new Listed(file, attributes.size(), changed));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // gone meanwhile
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
