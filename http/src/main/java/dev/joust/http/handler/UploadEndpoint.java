// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import dev.joust.http.json.UploadBody;
import dev.joust.http.json.UploadEvent;
import dev.joust.http.request.MediaType;
import dev.joust.http.request.RequestException;
import dev.joust.http.request.Upload;
import dev.joust.pictures.BulkOptions;
import dev.joust.pictures.BulkProgress;
import dev.joust.pictures.PictureLibrary;

/// Many pictures in one request, with what becomes of each told as soon as it is known. The request is read no faster
/// than pictures are taken in; a client that goes ends the work. Thread-safe.
public final class UploadEndpoint {
    private final PictureLibrary library;
    private final WriteAccess access;

    public UploadEndpoint(PictureLibrary library, WriteAccess access) {
        this.library = library;
        this.access = access;
    }

    /// A line per picture, then the totals; all in one object for those who ask for `application/json`, with 400 where
    /// every picture was refused.
    public Answer addPictures(Call call) throws IOException {
        access.check();
        Upload upload = call.upload();
        try {
            // What is unsound from its start is refused before an answer has begun
            if (!upload.hasNext()) {
                throw new RequestException(400, "the body has no field '" + Upload.FILE_FIELD + "', or the archive no files");
            }
        } catch (RuntimeException e) {
            upload.close();
            throw e;
        }
        return call.accepts(MediaType.JSON) ? whole(upload) : Answer.streamed(Answer.JSON_LINES, out -> stream(upload, out));
    }

    private void stream(Upload upload, OutputStream out) throws IOException {
        try (upload;
                LineWriter lines = new LineWriter(out)) {
            try {
                BulkProgress end = add(upload, lines::write);
                lines.write(new UploadEvent.Totals(true, end));
            } catch (RequestException mistake) {
                lines.write(new UploadEvent.Failed(Objects.toString(mistake.getMessage())));
            } catch (RuntimeException failure) {
                if (!lines.isBroken()) {
                    lines.write(new UploadEvent.Failed("the server failed, see its log; send the rest again"));
                }
                throw failure;
            }
        }
    }

    private Answer whole(Upload upload) throws IOException {
        List<UploadEvent> events = Collections.synchronizedList(new ArrayList<>());
        try (upload) {
            BulkProgress end = add(upload, event -> {
                if (event instanceof UploadEvent.Settled) {
                    events.add(event);
                }
            });
            events.add(new UploadEvent.Totals(true, end));
            boolean allRefused = end.refusedCount() == end.doneCount();
            return Answer.json(allRefused ? 400 : 200, new UploadBody(List.copyOf(events)));
        }
    }

    private BulkProgress add(Upload upload, Consumer<UploadEvent> events) {
        UploadListener listener = new UploadListener(events);
        return library.addAll(listener.watch(upload), BulkOptions.DEFAULT, listener);
    }
}
