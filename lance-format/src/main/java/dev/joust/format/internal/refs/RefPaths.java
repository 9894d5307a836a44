// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.refs;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.io.ObjectPath;

/// Where tags and branches lie below a table's root (spec: table format 1.1).
///
///     _refs/tags/NAME.json
///     _refs/branches/NAME.json      '/' as %2F, what is not ASCII byte by byte
///     tree/NAME/                    the branch's own versions and files
public final class RefPaths {
    public static final ObjectPath TAGS = ObjectPath.of("_refs/tags");
    public static final ObjectPath BRANCHES = ObjectPath.of("_refs/branches");
    public static final ObjectPath TREE = ObjectPath.of("tree");

    private static final String SUFFIX = ".json";

    private RefPaths() {}

    /// The file of a tag or branch, whose name was checked.
    ///
    /// @param folder {@link #TAGS} or {@link #BRANCHES}
    public static ObjectPath file(ObjectPath folder, String name) {
        return folder.resolve(encoded(name) + SUFFIX);
    }

    /// The folder of a branch's versions and files; the table's own for the main branch.
    public static ObjectPath branchFolder(@Nullable String branch) {
        return branch == null ? ObjectPath.ROOT : TREE.resolve(branch);
    }

    /// The name that a file in one of the folders stands for; empty for other files.
    public static Optional<String> nameOf(String fileName) {
        if (!fileName.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        return decoded(fileName.substring(0, fileName.length() - SUFFIX.length()));
    }

    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b != '/') {
                encoded.append((char) b);
            } else {
                encoded.append(String.format("%%%02X", b & 0xFF));
            }
        }
        return encoded.toString();
    }

    private static Optional<String> decoded(String encoded) {
        byte[] raw = encoded.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.write(raw[i]);
                continue;
            }
            int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return Optional.empty();
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
