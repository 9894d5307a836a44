// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

/// How long a caller may use an answer that it has kept. Shared caches keep nothing: a picture may be deleted.
public enum Caching {
    /// Asked for again each time, with the tag of what is there.
    REVALIDATED("private, no-cache"),
    /// A day: what is made of bytes that never change, in a way that may.
    DAY("private, max-age=86400"),
    /// For good: the name is the hash of the bytes.
    FOREVER("private, max-age=31536000, immutable");

    private final String header;

    Caching(String header) {
        this.header = header;
    }

    /// The value of `Cache-Control`.
    public String header() {
        return header;
    }
}
