// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A request's body up to a limit. A body that ends too early, goes on too long or comes too slowly, is the caller's mistake. Closing it
/// does not close the body, which would fail the request, and with it the answer.
final class BodyStream extends FilterInputStream {
    private final long mostBytes;
    private final Pace pace = new Pace();
    private long sizeBytes;

    BodyStream(InputStream body, long mostBytes) {
        super(body);
        this.mostBytes = mostBytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count;
        long start = System.nanoTime();
        try {
            count = super.read(target, offset, length);
        } catch (EOFException e) {
            throw new RequestException(400, "the body ends too early");
        }
        sizeBytes += Math.max(count, 0);
        if (sizeBytes > mostBytes) {
            throw new RequestException(413, "the body is longer than " + mostBytes + " bytes");
        }
        if (pace.isTooSlow(System.nanoTime() - start, Math.max(count, 0))) {
            throw new RequestException(408, "the body came too slowly");
        }
        return count;
    }

    @Override
    public void close() {
        // not ours to close
    }
}
