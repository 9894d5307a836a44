// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;

import org.jspecify.annotations.Nullable;

import dev.joust.pictures.internal.PictureFiles;
import dev.joust.pictures.internal.ZipEntries;

/// The pictures of a zip archive, as a stream: nothing is written anywhere, and one entry is in memory at a time.
/// Folders and hidden files are passed over. What entries are called is for reports alone, whatever it is.
///
/// An entry that is larger than pictures may be, or damaged, is refused, and so is what follows once the archive breaks a limit or
/// cannot be followed any further, which of a file is after its last entry, of a stream after one that is damaged; what
/// came before is not affected. For one thread at a time.
public final class ZipPictures implements Iterator<PictureSource>, AutoCloseable {
    /// Entries, those that are passed over too.
    public static final int MAX_ENTRIES = 100_000;

    private static final int MAX_NAME_CHARS = 1000;
    /// Pictures are compressed already: what grows much more than they can is not there for its content.
    private static final int MAX_RATIO = 100;
    private static final long ALWAYS_ALLOWED_BYTES = 64L << 20;
    private static final Set<String> OF_SYSTEMS = Set.of("__macosx", "thumbs.db", "desktop.ini");
    private static final byte[] START = {'P', 'K'};

    private final String name;
    private final @Nullable String caption;
    private final List<String> tags;
    private final ZipEntries entries;
    private int entryCount;
    private long unpackedBytes;
    private @Nullable PictureSource next;
    private boolean ended;

    private ZipPictures(String name, ZipEntries entries, @Nullable String caption, List<String> tags) {
        this.name = name;
        this.entries = entries;
        this.caption = PictureUpload.checkedCaption(caption);
        this.tags = PictureUpload.checkedTags(tags);
    }

    /// @param name of the archive, for reports
    /// @param in   closed with this
    public static ZipPictures of(String name, InputStream in) {
        return of(name, in, null, List.of());
    }

    /// As the other, with what is said about each picture.
    public static ZipPictures of(String name, InputStream in, @Nullable String caption, List<String> tags) {
        return new ZipPictures(name, ZipEntries.of(in), caption, tags);
    }

    /// Of a file, by the directory at its end: what is damaged does not hide what follows. The JDK does not read archives of
    /// which a part is encrypted by their directory: of them what comes before that part is read, as of a stream.
    public static ZipPictures of(Path file, @Nullable String caption, List<String> tags) throws IOException {
        return new ZipPictures(file.toString(), ZipEntries.of(file), caption, tags);
    }

    /// Whether bytes begin as an archive does.
    public static boolean isZip(byte[] bytes) {
        return bytes.length > 3 && bytes[0] == START[0] && bytes[1] == START[1]
                && ((bytes[2] == 3 && bytes[3] == 4) || (bytes[2] == 5 && bytes[3] == 6));
    }

    @Override
    public boolean hasNext() {
        while (next == null && !ended) {
            try {
                advance();
            } catch (IOException | IllegalArgumentException e) {
                // A name that is no text is an IllegalArgumentException of the JDK's
                refuseTheRest("the archive cannot be read any further: " + e.getMessage());
            }
        }
        return next != null;
    }

    @Override
    public PictureSource next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        PictureSource result = java.util.Objects.requireNonNull(next);
        next = null;
        return result;
    }

    private void advance() throws IOException {
        ZipEntry entry = entries.next();
        if (entry == null) {
            ended = true;
            if (entryCount == 0) {
                next = refusal(name, "not a zip archive, or an empty one");
            }
            return;
        }
        entryCount++;
        if (entryCount > MAX_ENTRIES) {
            refuseTheRest("the archive has more than " + MAX_ENTRIES + " entries");
            return;
        }
        String entryName = ZipEntries.name(entry);
        if (entry.isDirectory() || isHidden(entryName)) {
            return;
        }
        read(name + "!" + (entryName.length() <= MAX_NAME_CHARS ? entryName : entryName.substring(0, MAX_NAME_CHARS)));
    }

    /// What systems put beside the files of people.
    private static boolean isHidden(String entryName) {
        for (String part : entryName.split("[/\\\\]")) {
            boolean isDotted = part.startsWith(".") && !part.equals(".") && !part.equals("..");
            if (isDotted || OF_SYSTEMS.contains(part.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private void read(String entryName) throws IOException {
        byte[] bytes;
        try {
            bytes = entries.read(PictureFiles.MAX_PICTURE_BYTES + 1);
        } catch (ZipException | EOFException e) {
            refuseEntry(entryName, "damaged: " + e.getMessage());
            return;
        }
        unpackedBytes += bytes.length;
        if (unpackedBytes > ALWAYS_ALLOWED_BYTES && unpackedBytes / MAX_RATIO > entries.packedBytes()) {
            refuseTheRest("the archive unpacks to more than " + MAX_RATIO + " times its size");
            return;
        }
        if (bytes.length > PictureFiles.MAX_PICTURE_BYTES) {
            refuseEntry(entryName, "larger than the " + PictureFiles.MAX_PICTURE_BYTES + " bytes that a picture may have");
        } else if (isZip(bytes)) {
            next = refusal(entryName, "an archive within an archive is not looked into");
        } else {
            next = PictureSource.of(entryName, new PictureUpload(bytes, entryName, caption, tags));
        }
    }

    private void refuseEntry(String entryName, String reason) {
        if (entries.canPassOver()) {
            next = refusal(entryName, reason);
        } else {
            refuseTheRest("entry " + entryName + " is " + reason);
        }
    }

    private void refuseTheRest(String reason) {
        ended = true;
        next = refusal(name, reason);
    }

    private static PictureSource refusal(String name, String reason) {
        record Refused(String name, String reason) implements PictureSource {
            @Override
            public PictureUpload read() {
                throw new IllegalArgumentException(reason);
            }
        }
        return new Refused(name, reason);
    }

    @Override
    public void close() {
        try {
            entries.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
