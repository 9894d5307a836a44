// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/// What the reference implementations gave; `src/test/golden/make_golden.py` made it.
public final class Golden {
    private Golden() {}

    public static byte[] bytes(String name) {
        return resource("/dev/joust/embed/golden/" + name);
    }

    public static JsonNode json(String name) {
        try {
            return new ObjectMapper().readTree(bytes(name));
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /// A file that was packed with gzip.
    public static byte[] unpacked(String name) {
        return unpacked(bytes(name));
    }

    public static byte[] unpacked(byte[] packed) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] resource(String path) {
        try (InputStream in = Golden.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }
}
