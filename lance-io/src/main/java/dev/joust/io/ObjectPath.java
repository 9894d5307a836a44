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

    @Override
    public int compareTo(ObjectPath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
