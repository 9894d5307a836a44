// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import org.jspecify.annotations.Nullable;

/// One part of a form, as it was sent.
///
/// @param name        of the field
/// @param fileName    as the client calls the file; null where it gives no name
/// @param contentType as the client declares it; null where it does not
/// @param content     to be closed by whoever takes the part
public record FormPart(String name, @Nullable String fileName, @Nullable String contentType, PartContent content)
        implements AutoCloseable {
    @Override
    public void close() {
        content.close();
    }
}
