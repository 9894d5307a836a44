// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.jspecify.annotations.Nullable;

/// A `multipart/form-data` body, put together part by part.
public final class Forms {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /// @param fileName    null for none
    /// @param contentType null for none
    public Forms file(@Nullable String fileName, @Nullable String contentType, byte[] bytes) {
        StringBuilder head = new StringBuilder("--" + Multipart.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"");
        if (fileName != null) {
            head.append("; filename=\"").append(fileName).append('"');
        }
        if (contentType != null) {
            head.append("\r\nContent-Type: ").append(contentType);
        }
        body.writeBytes(Multipart.text(head + "\r\n\r\n"));
        body.writeBytes(bytes);
        body.writeBytes(Multipart.text("\r\n"));
        return this;
    }

    public Forms field(String name, String value) {
        body.writeBytes(Multipart.value(name, value));
        return this;
    }

    /// Without the end.
    byte[] unfinished() {
        return body.toByteArray();
    }

    public byte[] bytes() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(body.toByteArray());
        whole.writeBytes(Multipart.text("--" + Multipart.BOUNDARY + "--\r\n"));
        return whole.toByteArray();
    }

    static byte[] zip(Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
