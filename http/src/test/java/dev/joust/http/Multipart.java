// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Bodies of `multipart/form-data`, sound ones.
public final class Multipart {
    static final String BOUNDARY = "line-between-parts";
    public static final String CONTENT_TYPE = "multipart/form-data; boundary=" + BOUNDARY;

    private Multipart() {}

    static byte[] file(String field, String fileName, byte[] bytes) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + field
                + "\"; filename=\"" + fileName + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"));
        body.writeBytes(bytes);
        body.writeBytes(text("\r\n--" + BOUNDARY + "--\r\n"));
        return body.toByteArray();
    }

    /// With a caption and tags before it.
    public static byte[] captioned(String field, String fileName, byte[] bytes, String caption, String tags) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(value("caption", caption));
        body.writeBytes(value("tags", tags));
        body.writeBytes(file(field, fileName, bytes));
        return body.toByteArray();
    }

    /// A part that is no file, to be followed by others.
    static byte[] value(String field, String text) {
        return text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + text + "\r\n");
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
