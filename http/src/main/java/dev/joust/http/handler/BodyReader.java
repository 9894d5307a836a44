// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

import dev.joust.http.request.Form;
import dev.joust.http.request.FormParts;
import dev.joust.http.request.JsonFields;
import dev.joust.http.request.MediaType;
import dev.joust.http.request.Pace;
import dev.joust.http.request.RequestException;
import dev.joust.http.request.Upload;
import dev.joust.http.request.UploadLimits;

/// Reads request bodies: small forms into memory, never more than a limit of bytes each and of bodies at a time; large
/// ones part by part. Thread-safe.
public final class BodyReader {
    /// A body that is too long is still taken in up to here and thrown away: most clients send all of it before they
    /// look at the answer, and would see a broken connection instead of the reason.
    private static final long DRAIN_LIMIT_BYTES = 256L << 20;

    private static final int WAIT_FOR_TURN_SECONDS = 30;
    /// Memory for forms is shared out in pieces of so much: small pictures need not wait for one another.
    private static final int UNIT_BYTES = 1 << 20;

    private static final int MAX_PARTS = 100;
    private static final int MAX_UPLOADS = 4;
    private static final int MAX_JSON_BYTES = 64 << 10;

    private final UploadLimits formLimits;
    private final UploadLimits uploadLimits;
    /// In units of memory.
    private final Semaphore turns;
    private final Semaphore uploads = new Semaphore(MAX_UPLOADS, true);

    /// @param maxBodyBytes longest form that is read into memory, and longest file of an upload
    /// @param maxForms     how many of the longest are held at a time, or more that are shorter; further ones wait
    /// @param uploadLimits of requests that bring many files
    public BodyReader(int maxBodyBytes, int maxForms, UploadLimits uploadLimits) {
        this.formLimits = new UploadLimits(maxBodyBytes, 0, maxBodyBytes, MAX_PARTS);
        this.uploadLimits = uploadLimits;
        this.turns = new Semaphore(Math.multiplyExact(maxForms, units(maxBodyBytes)), true);
    }

    /// A form with one file, read to its end.
    Form form(Request request, String fileField) throws IOException {
        String contentType = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (contentType == null || !MediaType.of(contentType).equals(MediaType.FORM)) {
            throw new RequestException(415, "send the picture as multipart/form-data, in the field '" + fileField + "'");
        }
        checkHead(request, formLimits);
        InputStream body = begun(request);
        int units = units(request.getLength());
        waitFor(turns, units);
        try (FormParts parts = new FormParts(body, contentType, formLimits)) {
            return Form.read(parts, fileField);
        } finally {
            turns.release(units);
        }
    }

    /// What a request with many files brings, to be closed by the caller, who may read it while it answers.
    Upload upload(Request request) throws IOException {
        String contentType = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        boolean isForm = contentType != null && MediaType.of(contentType).equals(MediaType.FORM);
        if (contentType == null || !(isForm || MediaType.of(contentType).equals(MediaType.ZIP))) {
            throw new RequestException(415, "send pictures as multipart/form-data, in fields 'file', or as application/zip");
        }
        checkHead(request, uploadLimits);
        InputStream body = begun(request);
        waitFor(uploads, 1);
        try {
            return isForm
                    ? Upload.ofForm(new FormParts(body, contentType, uploadLimits), uploadLimits, uploads::release)
                    : Upload.ofArchive(body, uploadLimits, uploads::release);
        } catch (IOException | RuntimeException e) {
            uploads.release();
            throw e;
        }
    }

    /// A small JSON object.
    JsonFields json(Request request) throws IOException {
        if (!MediaType.of(request.getHeaders().get(HttpHeader.CONTENT_TYPE)).equals(MediaType.JSON)) {
            throw new RequestException(415, "send application/json");
        }
        byte[] bytes = Request.asInputStream(request).readNBytes(MAX_JSON_BYTES + 1);
        if (bytes.length > MAX_JSON_BYTES) {
            throw new RequestException(413, "the body is longer than " + MAX_JSON_BYTES + " bytes");
        }
        return JsonFields.parse(bytes);
    }

    private static void checkHead(Request request, UploadLimits limits) {
        String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
        if (encoding != null && !encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity")) {
            throw new RequestException(415, "send the body as it is, without Content-Encoding");
        }
        if (request.getLength() > limits.bodyBytes()) {
            throw new RequestException(413, "the body is longer than " + limits.bodyBytes() + " bytes");
        }
    }

    /// The body, from the moment on that it comes: who announces one and sends nothing takes no turn from others.
    /// Not to be closed: closing before the end fails the request, and with it the answer.
    private static InputStream begun(Request request) throws IOException {
        PushbackInputStream body = new PushbackInputStream(Request.asInputStream(request), 1);
        int first = body.read();
        if (first >= 0) {
            body.unread(first);
        }
        return body;
    }

    /// What a form of that length takes of the memory for forms.
    ///
    /// @param lengthBytes negative where it is not told
    private int units(long lengthBytes) {
        long most = formLimits.bodyBytes();
        long bytes = lengthBytes < 0 ? most : Math.min(lengthBytes, most);
        return (int) Math.max(1, Math.ceilDiv(bytes, UNIT_BYTES));
    }

    private static void waitFor(Semaphore turns, int permits) {
        try {
            if (!turns.tryAcquire(permits, WAIT_FOR_TURN_SECONDS, TimeUnit.SECONDS)) {
                throw new RequestException(503, "too many uploads at a time, try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestException(503, "the server is stopping");
        }
    }

    /// Takes in and throws away what the endpoint left of a request's body.
    ///
    /// @return whether the connection stands at the next request; if not, it must not be used again
    public static boolean drain(Request request) {
        if (request.getLength() > DRAIN_LIMIT_BYTES) {
            return false;
        }
        byte[] waste = new byte[1 << 16];
        InputStream body = Request.asInputStream(request);
        Pace pace = new Pace();
        try {
            for (long left = DRAIN_LIMIT_BYTES; left > 0;) {
                long start = System.nanoTime();
                int count = body.read(waste);
                if (count < 0) {
                    return true;
                }
                if (pace.isTooSlow(System.nanoTime() - start, count)) {
                    return false;
                }
                left -= count;
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }
}
