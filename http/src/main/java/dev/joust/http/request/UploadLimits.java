// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

/// What one request may bring.
///
/// @param fileBytes    longest file: a picture, or any other field of a form
/// @param archiveBytes longest archive, packed
/// @param bodyBytes    longest body
/// @param partCount    most parts of a form, and most pictures of an upload
public record UploadLimits(int fileBytes, long archiveBytes, long bodyBytes, int partCount) {
    public UploadLimits {
        if (fileBytes < 1 || archiveBytes < 0 || bodyBytes < 1 || partCount < 1) {
            throw new IllegalArgumentException("limits " + fileBytes + ", " + archiveBytes + ", " + bodyBytes + ", " + partCount);
        }
    }
}
