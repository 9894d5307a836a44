// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.util.Optional;

/// What clients call their files. Such names are shown and never used: pictures are kept under the hash of their bytes.
/// One that holds what no honest name holds is refused all the same, so that it reaches nobody's log or screen.
public final class FileName {
    private static final int MAX_CHARS = 255;
    /// What stands for bytes that are no text.
    private static final char REPLACEMENT = '\ufffd';

    private FileName() {}

    /// Why a file of that name is not taken; empty if it is.
    public static Optional<String> complaint(String fileName) {
        if (fileName.length() > MAX_CHARS) {
            return Optional.of("the file's name is longer than " + MAX_CHARS + " characters");
        }
        if (fileName.indexOf(REPLACEMENT) >= 0) {
            return Optional.of("the file's name is not UTF-8");
        }
        if (fileName.codePoints().anyMatch(FileName::isControl)) {
            return Optional.of("the file's name holds control characters");
        }
        if (fileName.indexOf('/') >= 0 || fileName.indexOf('\\') >= 0 || fileName.equals("..")) {
            return Optional.of("the file's name holds a path");
        }
        return Optional.empty();
    }

    /// As {@link #complaint}, for a file of an archive, which may lie in a folder.
    static Optional<String> complaintInArchive(String path) {
        if (path.startsWith("/") || path.indexOf('\\') >= 0 || path.matches("(?s)[A-Za-z]:.*")) {
            return Optional.of("the file's name is a path out of the archive");
        }
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                return Optional.of("the file's name is a path out of the archive");
            }
            Optional<String> complaint = complaint(segment);
            if (complaint.isPresent()) {
                return complaint;
            }
        }
        return Optional.empty();
    }

    /// A name for messages: cut short, and with everything escaped that would do more than show.
    public static String shown(String fileName) {
        StringBuilder shown = new StringBuilder();
        fileName.codePoints().limit(MAX_CHARS).forEach(c -> {
            if (isControl(c)) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return fileName.codePointCount(0, fileName.length()) > MAX_CHARS ? shown.append('…').toString() : shown.toString();
    }

    /// Also what turns the direction of the text around it, half a surrogate pair, and the replacement for bytes that
    /// are no text.
    private static boolean isControl(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            default -> (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == REPLACEMENT;
        };
    }
}
