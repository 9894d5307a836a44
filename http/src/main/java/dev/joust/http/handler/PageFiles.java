// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The page: three files out of the jar, held in memory.
public final class PageFiles {
    private static final String FOLDER = "/dev/joust/http/page/";

    private PageFiles() {}

    /// An endpoint that serves one of the page's files.
    ///
    /// @param fileName a name below the page's folder in the jar
    public static Endpoint file(String fileName, String contentType) {
        byte[] bytes = load(fileName);
        String etag = '"' + sha256(bytes).substring(0, 32) + '"';
        return call -> call.has(etag) ? Answer.notModified(etag) : Answer.bytes(contentType, etag, bytes);
    }

    private static byte[] load(String fileName) {
        try (InputStream bytes = PageFiles.class.getResourceAsStream(FOLDER + fileName)) {
            if (bytes == null) {
                throw new FileNotFoundException(FOLDER + fileName + " is not in the jar");
            }
            return bytes.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
