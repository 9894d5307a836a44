// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/// How much of a source has been read. Thread-safe.
public final class ReadBytes {
    private final AtomicLong count = new AtomicLong();

    public long count() {
        return count.get();
    }

    void add(long bytes) {
        count.addAndGet(Math.max(0, bytes));
    }

    InputStream counting(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int value = in.read();
                add(value < 0 ? 0 : 1);
                return value;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = in.read(bytes, offset, length);
                add(read);
                return read;
            }
        };
    }
}
