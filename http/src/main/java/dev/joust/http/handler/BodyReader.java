// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Attributes;

/// Reads request bodies into memory, never more than a limit of bytes each and of bodies at a time. Thread-safe.
public final class BodyReader {
    /// A body that is too long is still taken in up to here and thrown away: most clients send all of it before they
    /// look at the answer, and would see a broken connection instead of the reason.
    private static final long DRAIN_LIMIT_BYTES = 256L << 20;

    private static final int WAIT_FOR_TURN_SECONDS = 30;
    private static final int MAX_PARTS = 100;

    private final int maxBodyBytes;
    private final Semaphore turns;

    /// @param maxBodyBytes longest body that is read
    /// @param maxBodies    how many are held at a time; further ones wait
    public BodyReader(int maxBodyBytes, int maxBodies) {
        this.maxBodyBytes = maxBodyBytes;
        this.turns = new Semaphore(maxBodies, true);
    }

    /// The bytes of the part called `partName` of a `multipart/form-data` body.
    byte[] filePart(Request request, String partName) throws IOException {
        String contentType = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (contentType == null || !isFormData(contentType)) {
            throw new RequestException(415, "send the picture as multipart/form-data, in the field '" + partName + "'");
        }
        if (request.getLength() > maxBodyBytes) {
            throw tooLong();
        }
        waitForTurn();
        try {
            return part(contentType, read(request), partName);
        } finally {
            turns.release();
        }
    }

    private static boolean isFormData(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().equalsIgnoreCase("multipart/form-data");
    }

    private void waitForTurn() {
        try {
            if (!turns.tryAcquire(WAIT_FOR_TURN_SECONDS, TimeUnit.SECONDS)) {
                throw new RequestException(503, "too many uploads at a time, try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestException(503, "the server is stopping");
        }
    }

    private byte[] read(Request request) throws IOException {
        // Not closed: closing before the end fails the request, and with it the answer
        InputStream body = Request.asInputStream(request);
        try {
            byte[] bytes = body.readNBytes(maxBodyBytes);
            if (bytes.length == maxBodyBytes && body.read() >= 0) {
                throw tooLong();
            }
            return bytes;
        } catch (EOFException e) {
            throw new RequestException(400, "the body ends too early");
        }
    }

    private byte[] part(String contentType, byte[] body, String partName) throws IOException {
        MultiPartConfig config = new MultiPartConfig.Builder()
                .maxParts(MAX_PARTS)
                .maxSize(-1)
                .maxPartSize(-1)
                .maxMemoryPartSize(-1)
                .maxHeadersSize(8192)
                .useFilesForPartsWithoutFileName(false)
                .build();
        Content.Source source = Content.Source.from(ByteBuffer.wrap(body));
        try (MultiPartFormData.Parts parts =
                MultiPartFormData.getParts(source, new Attributes.Mapped(), contentType, config)) {
            MultiPart.Part part = parts.getFirst(partName);
            if (part == null) {
                throw new RequestException(400, "the body has no field '" + partName + "'");
            }
            if (parts.getAll(partName).size() > 1) {
                throw new RequestException(400, "the body has the field '" + partName + "' more than once");
            }
            try (InputStream bytes = Content.Source.asInputStream(part.newContentSource(null, 0, -1))) {
                byte[] file = bytes.readAllBytes();
                if (file.length == 0) {
                    throw new RequestException(400, "the field '" + partName + "' is empty");
                }
                return file;
            }
        } catch (RequestException mistake) {
            throw mistake;
        } catch (IOException | RuntimeException e) {
            // Jetty's parser has many ways to say so, and nothing else can fail on bytes in memory
            RequestException mistake = new RequestException(400, "the body is not sound multipart/form-data");
            mistake.initCause(e);
            throw mistake;
        }
    }

    private RequestException tooLong() {
        return new RequestException(413, "the body is longer than " + maxBodyBytes + " bytes");
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
        try {
            for (long left = DRAIN_LIMIT_BYTES; left > 0;) {
                int count = body.read(waste);
                if (count < 0) {
                    return true;
                }
                left -= count;
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }
}
