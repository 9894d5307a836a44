// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

/// Where an object lies below the root of its {@link ObjectStore}: segments joined by `/`, without a leading or
/// trailing one. The empty path is the root itself. Segments are never empty, `.` or `..`, and hold neither
/// backslash nor NUL, so a path cannot climb out of its root on any store.
public record ObjectPath(String value) implements Comparable<ObjectPath> {
    public static final ObjectPath ROOT = new ObjectPath("");

    public ObjectPath {
        if (!value.isEmpty()) {
            for (String segment : value.split("/", -1)) {
                if (segment.isEmpty() || segment.equals(".") || segment.equals("..")
                        || segment.indexOf('\\') >= 0 || segment.indexOf('\0') >= 0) {
                    throw new IllegalArgumentException("not an object path: '" + value + "'");
                }
            }
        }
    }

    public static ObjectPath of(String value) {
        return new ObjectPath(value);
    }

    /// This path with `child` (one segment or several) below it.
    public ObjectPath resolve(String child) {
        return new ObjectPath(value.isEmpty() ? child : value + "/" + child);
    }

    /// The last segment; empty for the root.
    public String fileName() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    /// The order of the paths' UTF-8 bytes.
    @Override
    public int compareTo(ObjectPath other) {
        return compareNames(value, other.value);
    }

    /// Compares two names as their UTF-8 bytes compare, which is not how `String` compares surrogates.
    public static int compareNames(String a, String b) {
        int commonLength = Math.min(a.length(), b.length());
        for (int i = 0; i < commonLength; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean xIsSurrogate = Character.isSurrogate(x);
                return xIsSurrogate == Character.isSurrogate(y) ? x - y : xIsSurrogate ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }

    @Override
    public String toString() {
        return value;
    }
}
