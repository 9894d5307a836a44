// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.pictures.PictureSource;
import dev.joust.pictures.ZipPictures;

/// The pictures that a request brings, as sources that are made while the request is read: files of a form, files of
/// zips in a form, or files of a zip that is the whole body. A form's fields `caption` and `tags` hold for the files
/// that follow them. Iterated by one thread; the sources are read by any.
public final class Upload implements Iterator<UploadedPicture>, AutoCloseable {
    /// The field of files.
    public static final String FILE_FIELD = "file";

    private static final int ARCHIVE_START_BYTES = 4;

    private final UploadLimits limits;
    private final Runnable whenClosed;
    private final @Nullable FormParts parts;
    private final Deque<UploadedPicture> ready = new ArrayDeque<>();
    /// The zip that is read, and the form's part it is, where it is one.
    private @Nullable ZipPictures archive;
    private PartContent.@Nullable Archived archivePart;
    private String archiveName = "";
    private @Nullable String caption;
    private List<String> tags = List.of();
    private int fileCount;
    private int pictureCount;
    private boolean isAtEnd;

    private Upload(@Nullable FormParts parts, UploadLimits limits, Runnable whenClosed) {
        this.parts = parts;
        this.limits = limits;
        this.whenClosed = whenClosed;
    }

    /// @param whenClosed run once, after everything is given back
    public static Upload ofForm(FormParts parts, UploadLimits limits, Runnable whenClosed) {
        return new Upload(parts, limits, whenClosed);
    }

    /// A zip is unpacked while it comes in.
    ///
    /// @param body stays the caller's
    /// @throws RequestException (400) if it does not begin as a zip
    public static Upload ofArchive(InputStream body, UploadLimits limits, Runnable whenClosed) throws IOException {
        InputStream limited = new BodyStream(body, limits.bodyBytes());
        byte[] start = limited.readNBytes(ARCHIVE_START_BYTES);
        if (!ZipPictures.isZip(start)) {
            throw new RequestException(400, "the body is not a zip");
        }
        Upload upload = new Upload(null, limits, whenClosed);
        upload.fileCount = 1;
        upload.openArchive("", new SequenceInputStream(new ByteArrayInputStream(start), limited));
        return upload;
    }

    /// Whether there is another; waits until enough has come in to tell.
    ///
    /// @throws RequestException (400, 413) if what came is not sound, or too much
    @Override
    public boolean hasNext() {
        try {
            while (ready.isEmpty() && !isAtEnd) {
                if (archive == null) {
                    readPart();
                } else if (archive.hasNext()) {
                    addEntry(archive.next());
                } else {
                    closeArchive();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return !ready.isEmpty();
    }

    @Override
    public UploadedPicture next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    private void readPart() throws IOException {
        FormPart part = parts == null ? null : parts.next();
        if (part == null) {
            isAtEnd = true;
        } else if (part.name().equals(FILE_FIELD)) {
            addFile(part);
        } else {
            try (part) {
                if (part.content() instanceof PartContent.InMemory(byte[] bytes)) {
                    takeField(part.name(), bytes);
                }
            }
        }
    }

    private void takeField(String name, byte[] bytes) {
        if (name.equals("caption")) {
            caption = Form.text(name, bytes);
        } else if (name.equals("tags")) {
            tags = Tags.parse(Form.text(name, bytes));
        }
    }

    private void addFile(FormPart part) throws IOException {
        fileCount++;
        String name = part.fileName() == null ? "" : part.fileName();
        switch (part.content()) {
            case PartContent.InMemory(byte[] bytes) ->
                add(name, false, () -> {
                    SentFile file = new SentFile(bytes, part.fileName(), part.contentType());
                    file.check();
                    return bytes;
                });
            case PartContent.TooLong(long limitBytes) ->
                add(name, false, () -> {
                    throw Form.tooLong(limitBytes);
                });
            case PartContent.Archived archived -> {
                archivePart = archived;
                openArchive(name, Files.newInputStream(archived.file()));
            }
        }
    }

    private void openArchive(String name, InputStream in) {
        archiveName = name;
        archive = ZipPictures.of(name, in);
    }

    private void addEntry(PictureSource entry) {
        int nameStart = archiveName.length() + 1;
        add(entry.name(), true, () -> {
            byte[] bytes = entry.read().bytes();
            String path = entry.name().substring(Math.min(nameStart, entry.name().length()));
            Optional<String> complaint = FileName.complaintInArchive(path);
            if (complaint.isPresent()) {
                throw new RequestException(400, complaint.get());
            }
            if (bytes.length > limits.fileBytes()) {
                throw Form.tooLong(limits.fileBytes());
            }
            new SentFile(bytes, path.substring(path.lastIndexOf('/') + 1), null).check();
            return bytes;
        });
    }

    private void closeArchive() {
        if (archive != null) {
            archive.close();
            archive = null;
            isAtEnd = parts == null;
        }
        if (archivePart != null) {
            archivePart.close();
            archivePart = null;
        }
    }

    private void add(String name, boolean archive, UploadedPicture.Content content) {
        if (pictureCount == limits.partCount()) {
            throw new RequestException(413, "more than " + limits.partCount() + " pictures in one request");
        }
        ready.add(new UploadedPicture(
                pictureCount++, Math.max(0, fileCount - 1), archive, FileName.shown(name), content, caption, tags));
    }

    /// Deletes temporary files; to be called when no source is read any more.
    @Override
    public void close() throws IOException {
        try {
            if (parts != null) {
                parts.close();
            }
            closeArchive();
        } finally {
            whenClosed.run();
        }
    }
}
