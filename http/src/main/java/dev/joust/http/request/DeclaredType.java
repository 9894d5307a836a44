// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.image.PictureFormat;

/// Whether a file is what its content type and its name say. Which kind it is, its bytes alone decide; one that is declared
/// to be another kind, or named like no picture, is refused, because other programs would take it for that.
public final class DeclaredType {
    /// Types that say nothing: what clients send where they know nothing.
    private static final Set<String> GENERIC = Set.of(
            "", "application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded", "image/*", "*/*");

    /// Other names of the types.
    private static final Map<String, String> ALIASES = Map.of(
            "image/jpg", "image/jpeg",
            "image/pjpeg", "image/jpeg",
            "image/x-png", "image/png",
            "image/x-bmp", "image/bmp",
            "image/x-ms-bmp", "image/bmp",
            "image/tif", "image/tiff");

    /// Endings of names of what is no picture. Those of pictures are often wrong, and harm nobody: a picture is kept
    /// under the ending of what it is. Others promise nothing: many a picture is called `IMG.2024` or `scan.old`.
    private static final Map<String, String> OTHER_KINDS = Map.ofEntries(
            Map.entry("svg", "image/svg+xml"), Map.entry("html", "text/html"), Map.entry("htm", "text/html"),
            Map.entry("xhtml", "application/xhtml+xml"), Map.entry("js", "text/javascript"),
            Map.entry("mjs", "text/javascript"), Map.entry("css", "text/css"), Map.entry("txt", "text/plain"),
            Map.entry("json", "application/json"), Map.entry("xml", "application/xml"), Map.entry("pdf", "application/pdf"),
            Map.entry("zip", "application/zip"), Map.entry("jar", "application/java-archive"),
            Map.entry("gz", "application/gzip"), Map.entry("exe", "application/x-msdownload"),
            Map.entry("dll", "application/x-msdownload"), Map.entry("php", "application/x-php"),
            Map.entry("sh", "application/x-sh"), Map.entry("py", "text/x-python"), Map.entry("mp4", "video/mp4"),
            Map.entry("mov", "video/quicktime"), Map.entry("mp3", "audio/mpeg"));

    private DeclaredType() {}

    /// Why a picture is not taken; empty if nothing is said of it that its bytes contradict.
    ///
    /// @param format what the bytes are
    public static Optional<String> complaint(PictureFormat format, @Nullable String fileName, @Nullable String contentType) {
        String bare = MediaType.of(contentType);
        String declared = ALIASES.getOrDefault(bare, bare);
        if (!GENERIC.contains(declared) && !declared.equals(format.mediaType())) {
            return Optional.of("the file is declared to be " + FileName.shown(declared) + " and is " + format.mediaType());
        }
        String promised = fileName == null ? null : OTHER_KINDS.get(ending(fileName));
        if (promised != null) {
            return Optional.of("the file's name ends like " + promised + " and the file is " + format.mediaType());
        }
        return Optional.empty();
    }

    private static String ending(String fileName) {
        return fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
