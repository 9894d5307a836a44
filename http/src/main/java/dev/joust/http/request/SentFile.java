// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.image.PictureException;
import dev.joust.embed.image.PictureFormat;

/// A picture as a client sent it. Its name and its declared type play no part in what it is, but must not contradict it.
///
/// @param fileName    null where the client gives none
/// @param contentType null where the client declares none
@SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares
public record SentFile(byte[] bytes, @Nullable String fileName, @Nullable String contentType) {
    /// @throws RequestException (400, 415) if the name holds what no name holds, or name, type and bytes disagree
    /// @throws PictureException if the bytes begin like no picture
    public void check() {
        if (fileName != null) {
            Optional<String> complaint = FileName.complaint(fileName);
            if (complaint.isPresent()) {
                throw new RequestException(400, complaint.get());
            }
        }
        Optional<String> complaint = DeclaredType.complaint(PictureFormat.of(bytes), fileName, contentType);
        if (complaint.isPresent()) {
            throw new RequestException(415, complaint.get());
        }
    }
}
