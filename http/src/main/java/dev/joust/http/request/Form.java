// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/// A form with one file, whole in memory.
///
/// @param fields the values of the other fields
public record Form(SentFile file, Map<String, String> fields) {
    /// Reads a form to its end.
    ///
    /// @throws RequestException (400, 413) if it is not sound, or has not one file, or an empty one
    public static Form read(FormParts parts, String fileField) throws IOException {
        SentFile file = null;
        Map<String, String> fields = new LinkedHashMap<>();
        for (FormPart part = parts.next(); part != null; part = parts.next()) {
            byte[] bytes = switch (part.content()) {
                case PartContent.InMemory(byte[] content) -> content;
                case PartContent.TooLong(long limitBytes) -> throw tooLong(limitBytes);
                case PartContent.Archived _ -> throw new IllegalStateException("archives are not wanted here");
            };
            if (!part.name().equals(fileField)) {
                if (fields.put(part.name(), text(part.name(), bytes)) != null) {
                    throw new RequestException(400, "the field '" + FileName.shown(part.name()) + "' is given more than once");
                }
            } else if (file == null) {
                file = new SentFile(bytes, part.fileName(), part.contentType());
            } else {
                throw new RequestException(400, "the body has the field '" + fileField
                        + "' more than once; POST /images takes several pictures");
            }
        }
        return new Form(checked(file, fileField), fields);
    }

    private static SentFile checked(@Nullable SentFile file, String fileField) {
        if (file == null) {
            throw new RequestException(400, "the body has no field '" + fileField + "'");
        }
        if (file.bytes().length == 0) {
            throw new RequestException(400, "the field '" + fileField + "' is empty");
        }
        return file;
    }

    static RequestException tooLong(long limitBytes) {
        return new RequestException(413, "the file is longer than " + limitBytes + " bytes");
    }

    /// A field's value.
    ///
    /// @throws RequestException (400) if the bytes are not UTF-8
    static String text(String field, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new RequestException(400, "the field '" + FileName.shown(field) + "' is not UTF-8");
        }
    }

    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }
}
