// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// What a file of a model holds that was downloaded wrongly, told by its first bytes.
public final class WrongContent {
    /// As many bytes of a file are looked at.
    static final int LOOKED_AT_BYTES = 512;

    private WrongContent() {}

    /// @param start a file's first {@link #LOOKED_AT_BYTES} bytes, or all if it has fewer
    /// @return empty if nothing is known of it
    public static Optional<String> describe(byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (start.length == 0) {
            return Optional.of("an empty file");
        }
        if (text.startsWith("version https://git-lfs.github.com/")) {
            return Optional.of("not the file itself but what Git LFS keeps in its place: run 'git lfs pull' where it was cloned");
        }
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
            return Optional.of("an HTML page, not the file itself: it was not downloaded from the address of its content");
        }
        if (text.startsWith("PK\u0003\u0004") || text.startsWith("\u001f\u008b")) {
            return Optional.of("an archive, which is unpacked first");
        }
        return Optional.empty();
    }
}
