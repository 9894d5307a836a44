// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;

/// Listings of folders. Temporary files are not objects; what vanishes during a listing was not there; names that are
/// no object paths (a backslash) are left out.
final class LocalListing {
    private LocalListing() {}

    static List<ObjectMeta> list(Path folder, ObjectPath prefix) throws IOException {
        return walk(folder, prefix, file -> !TemporaryFile.isTemporary(file));
    }

    /// The temporary files, those that are being written too.
    static List<ObjectMeta> unfinished(Path folder, ObjectPath prefix) throws IOException {
        return walk(folder, prefix, TemporaryFile::isTemporary);
    }

    private static List<ObjectMeta> walk(Path folder, ObjectPath prefix, Predicate<Path> wanted) throws IOException {
        var found = new ArrayList<ObjectMeta>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && wanted.test(file)) {
                    String relative = folder.relativize(file).toString();
                    String separator = folder.getFileSystem().getSeparator();
                    relative = separator.equals("/") ? relative : relative.replace(separator, "/");
                    if (relative.indexOf('\\') < 0) {
                        found.add(meta(prefix.resolve(relative), attributes));
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        found.sort(Comparator.comparing(ObjectMeta::path));
        return found;
    }

    static ObjectMeta meta(ObjectPath path, BasicFileAttributes attributes) {
        String identity = attributes.fileKey() + " " + attributes.lastModifiedTime() + " " + attributes.size();
        return new ObjectMeta(
                path, attributes.size(), attributes.lastModifiedTime().toInstant(), identity);
    }

    static List<String> names(Path folder, ObjectPath path) throws IOException {
        var names = new ArrayList<String>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!TemporaryFile.isTemporary(entry) && name.indexOf('\\') < 0) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw LocalFiles.named("listing", path, e.getCause());
        }
        names.sort(ObjectPath::compareNames);
        return names;
    }
}
