// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

import dev.joust.io.Durability;
import dev.joust.io.ObjectPath;

/// A file that is being written beside its target, under a name that no listing shows. Closing it deletes it, unless
/// it was renamed. Not thread-safe.
final class TemporaryFile implements AutoCloseable {
    private static final String PREFIX = ".tmp-joust-";

    private final ObjectPath path;
    private final Path target;
    private final Durability durability;
    private final FolderSync.Force folderSync;
    private final Path file;
    private final FileChannel channel;
    private boolean renamed;

    private TemporaryFile(ObjectPath path, Path target, Durability durability, FolderSync.Force folderSync, Path file,
            FileChannel channel) {
        this.path = path;
        this.target = target;
        this.durability = durability;
        this.folderSync = folderSync;
        this.file = file;
        this.channel = channel;
    }

    /// Opens a file beside `target`, whose folder exists.
    ///
    /// @param folderSync makes the target's name as durable as its bytes
    static TemporaryFile create(ObjectPath path, Path target, Durability durability, FolderSync.Force folderSync)
            throws IOException {
        Path file = target.resolveSibling(PREFIX + UUID.randomUUID());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new TemporaryFile(path, target, durability, folderSync, file, channel);
    }

    static boolean isTemporary(Path file) {
        return isTemporaryName(file.getFileName().toString());
    }

    static boolean isTemporaryName(String name) {
        return name.startsWith(PREFIX);
    }

    void write(ByteBuffer bytes) throws IOException {
        try {
            writeFully(channel, bytes);
        } catch (IOException e) {
            throw LocalFiles.named("writing", path, e);
        }
    }

    /// Gives the file its name, in place of an older one.
    void renameToTarget() throws IOException {
        try {
            finishWriting();
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            renamed = true;
            folderSync.folder(target.getParent());
        } catch (IOException e) {
            throw LocalFiles.named("writing", path, e);
        }
    }

    /// Gives the file its name.
    ///
    /// @throws FileAlreadyExistsException if the name is taken
    void linkToTarget() throws IOException {
        try {
            finishWriting();
            link();
            folderSync.folder(target.getParent());
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            throw LocalFiles.named("writing", path, e);
        }
    }

    private void link() throws IOException {
        try {
            Files.createLink(target, file);
        } catch (FileAlreadyExistsException e) {
            // a network file system may have lost the answer to a link that it made
            if (!sameFile()) {
                throw e;
            }
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            copyExclusively();
        }
    }

    private boolean sameFile() throws IOException {
        try {
            return Files.isSameFile(target, file);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// For file systems without hard links: the name appears in one step, its bytes shortly after.
    private void copyExclusively() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try (FileChannel copy = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            try {
                writeFully(copy, ByteBuffer.wrap(bytes));
                if (durability == Durability.FSYNC) {
                    copy.force(true);
                }
            } catch (IOException e) {
                Files.deleteIfExists(target);
                throw e;
            }
        }
    }

    private void finishWriting() throws IOException {
        if (durability == Durability.FSYNC) {
            channel.force(true);
        }
        channel.close();
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!renamed) {
            Files.deleteIfExists(file);
        }
    }
}
