// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.image.PictureFormat;
import dev.joust.pictures.PictureLibrary;
import dev.joust.pictures.PictureSource;
import dev.joust.pictures.PictureUpload;
import dev.joust.pictures.ZipPictures;

/// The pictures that arguments name: files as they are, the pictures of folders and of all below them, the entries of
/// archives. In the order of the arguments, those of a folder by name. For one thread at a time.
final class PictureFileList implements Iterator<PictureSource>, AutoCloseable {
    private static final String ARCHIVE = "zip";
    private static final Set<String> ENDINGS = endings();

    private final List<Path> files = new ArrayList<>();
    private final @Nullable String caption;
    private final List<String> tags;
    private int position;
    private @Nullable ZipPictures archive;

    /// @throws IllegalArgumentException if one of the arguments is not there
    PictureFileList(List<Path> arguments, @Nullable String caption, List<String> tags) throws IOException {
        this.caption = caption;
        this.tags = tags;
        PictureUpload.of(new byte[0]).withCaption(caption).withTags(tags); // refuses them before anything is done
        for (Path argument : arguments) {
            if (Files.isDirectory(argument)) {
                collect(argument);
            } else if (Files.exists(argument)) {
                files.add(argument);
            } else {
                throw new IllegalArgumentException("no such file or folder: " + argument);
            }
        }
    }

    private static Set<String> endings() {
        Set<String> endings = new HashSet<>(Set.of("jpeg", "tif", "tiff", ARCHIVE));
        Arrays.stream(PictureFormat.values()).map(PictureFormat::extension).forEach(endings::add);
        return endings;
    }

    /// Hidden files and folders are passed over, and so are loops of links; what cannot be looked into is refused.
    private void collect(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes attributes) {
                return !below.equals(folder) && isHidden(below) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !isHidden(file) && ENDINGS.contains(ending(file))) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                if (!(e instanceof FileSystemLoopException)) {
                    found.add(file); // says why when it is read
                }
                return FileVisitResult.CONTINUE;
            }
        });
        Collections.sort(found);
        files.addAll(found);
    }

    private static boolean isHidden(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().startsWith(".");
    }

    private static String ending(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /// How many pictures there are; -1 where an archive has to be read to know.
    long totalCount() {
        return files.stream().anyMatch(file -> ending(file).equals(ARCHIVE)) ? -1 : files.size();
    }

    @Override
    public boolean hasNext() {
        if (archive != null && archive.hasNext()) {
            return true;
        }
        closeArchive();
        return position < files.size();
    }

    @Override
    public PictureSource next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (archive != null) {
            return archive.next();
        }
        Path file = files.get(position++);
        return ending(file).equals(ARCHIVE) ? firstOf(file) : new FileSource(file, caption, tags);
    }

    private PictureSource firstOf(Path file) {
        try {
            if (Files.isRegularFile(file)) {
                archive = ZipPictures.of(file, caption, tags);
            }
        } catch (IOException e) {
            return new FileSource(file, caption, tags); // says why when it is read
        }
        return archive != null && archive.hasNext() ? archive.next() : new FileSource(file, caption, tags);
    }

    private void closeArchive() {
        if (archive != null) {
            archive.close();
            archive = null;
        }
    }

    @Override
    public void close() {
        closeArchive();
    }

    private record FileSource(Path file, @Nullable String caption, List<String> tags) implements PictureSource {
        @Override
        public String name() {
            return file.toString();
        }

        @Override
        public PictureUpload read() throws IOException {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                if (attributes.isDirectory()) {
                    throw new IOException(Files.isReadable(file) ? "a folder" : "access denied");
                } else if (!attributes.isRegularFile()) {
                    throw new IOException("not a file with bytes of its own, but a pipe, socket or device");
                }
                PictureLibrary.checkSize(attributes.size());
                return new PictureUpload(Files.readAllBytes(file), file.toString(), caption, tags);
            } catch (FileSystemException e) {
                throw new IOException(reason(e), e);
            }
        }

        /// Without the file's name, which stands before it.
        private static String reason(FileSystemException e) {
            return switch (e) {
                case AccessDeniedException _ -> "access denied";
                case NoSuchFileException _ -> "it is not there any more";
                default -> e.getReason() == null ? "cannot be read" : e.getReason();
            };
        }
    }
}
