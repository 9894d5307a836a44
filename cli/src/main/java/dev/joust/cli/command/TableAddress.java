// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// A table as the user names it: `uri`, or `uri@3` and `uri@tag` for a version of it.
///
/// @param uri     path or URI of the table's folder, without the version
/// @param version number or tag; empty for the latest
/// @param branch  empty for the main one, or the tag's
record TableAddress(String uri, Optional<String> version, Optional<String> branch) {
    TableAddress(String uri, Optional<String> version) {
        this(uri, version, Optional.empty());
    }

    TableAddress onBranch(Optional<String> newBranch) {
        return new TableAddress(uri, version, newBranch);
    }

    /// What the user named, for messages.
    @Override
    public String toString() {
        return uri + version.map(text -> "@" + text).orElse("")
                + branch.map(text -> " on branch " + text).orElse("");
    }

    /// `@` after the last `/` pins a version, unless a path of exactly that name exists.
    ///
    /// @param atOption what `--at` gives; empty where it is absent
    static TableAddress parse(String text, Optional<String> atOption) {
        String folder = text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        int at = folder.lastIndexOf('@');
        if (at <= folder.lastIndexOf('/') + 1 || exists(folder)) {
            return new TableAddress(folder, atOption);
        }
        if (at == folder.length() - 1) {
            throw new UsageException(text + ": a version or tag is missing after @");
        }
        if (atOption.isPresent()) {
            throw new UsageException("the version is given twice, by @ and by --at");
        }
        return new TableAddress(folder.substring(0, at), Optional.of(folder.substring(at + 1)));
    }

    private static boolean exists(String text) {
        try {
            return Files.exists(Path.of(text.startsWith("file://") ? text.substring("file://".length()) : text));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
