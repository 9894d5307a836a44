// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Bodies of `multipart/form-data`, sound ones.
final class Multipart {
    static final String BOUNDARY = "line-between-parts";
    static final String CONTENT_TYPE = "multipart/form-data; boundary=" + BOUNDARY;

    private Multipart() {}

    static byte[] file(String field, String fileName, byte[] bytes) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + field
                + "\"; filename=\"" + fileName + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"));
        body.writeBytes(bytes);
        body.writeBytes(text("\r\n--" + BOUNDARY + "--\r\n"));
        return body.toByteArray();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
