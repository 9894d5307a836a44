// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/// The parts of a `multipart/form-data` body, one after the other as they arrive. No more is read than the next part
/// needs, so that a client cannot send faster than its parts are taken. Used by one thread.
public final class FormParts implements AutoCloseable {
    private static final int MAX_PART_HEADER_BYTES = 8192;
    private static final int READ_BYTES = 1 << 16;
    private static final Pattern BOUNDARY =
            Pattern.compile("(?i);\\s*boundary\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)+)\"|([^;\\s\"]+))");

    private final InputStream body;
    private final UploadLimits limits;
    private final MultiPart.Parser parser;
    private final Deque<FormPart> complete = new ArrayDeque<>();
    private final byte[] buffer = new byte[READ_BYTES];
    private int partCount;
    private boolean isAtEnd;
    private @Nullable RuntimeException mistake;
    /// The part that is coming in.
    private @Nullable ContentSink open;

    /// @param body stays the caller's
    /// @throws RequestException (400) if the content type names no boundary
    public FormParts(InputStream body, String contentType, UploadLimits limits) {
        this.body = new BodyStream(body, limits.bodyBytes());
        this.limits = limits;
        String boundary = boundaryOf(contentType);
        parser = new MultiPart.Parser(boundary, new Listener());
        parser.setPartHeadersMaxLength(MAX_PART_HEADER_BYTES);
        parser.setMaxParts(-1); // counted here, to be told
    }

    /// Jetty's own looks for `boundary` in lower case alone; names of parameters have no case (RFC 2045, 5.1).
    private static String boundaryOf(String contentType) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw new RequestException(400, "the form's content type names no boundary");
        }
        return boundary.group(1) == null ? boundary.group(2) : boundary.group(1).replaceAll("\\\\(.)", "$1");
    }

    /// The next part, the caller's to close; null after the last.
    ///
    /// @throws RequestException (400, 413) if the body is not sound, ends too early or is too long
    public @Nullable FormPart next() throws IOException {
        while (complete.isEmpty() && !isAtEnd && mistake == null) {
            readMore();
        }
        if (complete.isEmpty() && mistake != null) {
            throw mistake;
        }
        return complete.poll();
    }

    private void readMore() throws IOException {
        int count = body.read(buffer);
        try {
            parser.parse(count < 0 ? Content.Chunk.EOF : Content.Chunk.from(ByteBuffer.wrap(buffer, 0, count), false));
        } catch (RuntimeException e) {
            // Jetty's parser has many ways to say so
            fail(unsound(e));
        }
        if (count < 0 && !isAtEnd) {
            fail(unsound(null));
        }
    }

    private static RequestException unsound(@Nullable Throwable cause) {
        RequestException mistake = new RequestException(400, "the body is not sound multipart/form-data");
        if (cause != null) {
            mistake.initCause(cause);
        }
        return mistake;
    }

    /// Gives up what has come and was not taken.
    @Override
    public void close() throws IOException {
        for (FormPart part = complete.poll(); part != null; part = complete.poll()) {
            part.close();
        }
        if (open != null) {
            open.close();
        }
    }

    /// What the parser's listener throws is lost: the first failure is kept here, and thrown when its turn comes.
    private void fail(RuntimeException failure) {
        if (mistake == null) {
            mistake = failure;
        }
    }

    private final class Listener implements MultiPart.Parser.Listener {
        private @Nullable String disposition;
        private @Nullable String contentType;

        @Override
        public void onPartBegin() {
            if (++partCount > limits.partCount()) {
                fail(new RequestException(400, "the body has more than " + limits.partCount() + " parts"));
            }
            disposition = null;
            contentType = null;
            if (mistake == null) {
                open = new ContentSink(limits);
            }
        }

        @Override
        public void onPartHeader(String name, String value) {
            if (name.equalsIgnoreCase("Content-Disposition")) {
                disposition = value;
            } else if (name.equalsIgnoreCase("Content-Type")) {
                contentType = value;
            }
        }

        @Override
        public void onPartContent(Content.Chunk chunk) {
            byte[] bytes = new byte[chunk.getByteBuffer().remaining()];
            chunk.getByteBuffer().get(bytes);
            try {
                if (open != null && mistake == null) {
                    open.write(bytes);
                }
            } catch (IOException e) {
                fail(new UncheckedIOException(e));
            }
        }

        @Override
        public void onPartEnd() {
            if (open == null || mistake != null) {
                return; // what is open is closed with this
            }
            try {
                ContentDisposition told = ContentDisposition.parse(disposition == null ? "" : disposition);
                complete.add(new FormPart(told.name() == null ? "" : told.name(), told.fileName(), contentType, open.finish()));
            } catch (RequestException e) {
                fail(e);
                return;
            } catch (IOException e) {
                fail(new UncheckedIOException(e));
            }
            open = null;
        }

        @Override
        public void onComplete() {
            isAtEnd = true;
        }

        @Override
        public void onFailure(Throwable failure) {
            fail(unsound(failure));
        }
    }
}
