// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.joust.embed.image.PictureFormat;
import dev.joust.io.ObjectPath;
import dev.joust.pictures.internal.Sha256;

/// The name of a picture: the same bytes have the same name everywhere.
///
/// @param value `{sha256}.{ext}`: 64 hex digits in lower case, then the ending of its format
public record PictureName(String value) {
    /// Where pictures are below the library's root.
    public static final ObjectPath FOLDER = ObjectPath.of("images");
    /// Where their thumbnails are.
    public static final ObjectPath THUMBNAIL_FOLDER = ObjectPath.of("thumbnails");

    private static final String ID_START = FOLDER.value() + "/";
    private static final int HASH_CHARS = 64;
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{" + HASH_CHARS + "}\\.("
            + Arrays.stream(PictureFormat.values()).map(PictureFormat::extension).collect(Collectors.joining("|"))
            + ")");

    /// @throws IllegalArgumentException if it is no such name; {@link #parse} asks
    public PictureName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a picture's name: " + value);
        }
    }

    /// The name of a picture's bytes. What they were called elsewhere plays no part.
    ///
    /// @throws dev.joust.embed.image.PictureException if they are of no known format
    public static PictureName of(byte[] encoded) {
        PictureFormat format = PictureFormat.of(encoded);
        return new PictureName(Sha256.hex(encoded) + "." + format.extension());
    }

    /// Empty where the text is no such name, whatever else it holds.
    public static Optional<PictureName> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new PictureName(text)) : Optional.empty();
    }

    /// The name in a row's id; empty where it is of no picture that is kept here.
    public static Optional<PictureName> ofId(String id) {
        return id.startsWith(ID_START) ? parse(id.substring(ID_START.length())) : Optional.empty();
    }

    /// The row's id.
    public String id() {
        return ID_START + value;
    }

    /// Where the bytes are below the library's root.
    public ObjectPath path() {
        return FOLDER.resolve(value);
    }

    /// Where a small JPEG of it is.
    public ObjectPath thumbnailPath() {
        return THUMBNAIL_FOLDER.resolve(hash() + ".jpg");
    }

    /// The 64 hex digits.
    public String hash() {
        return value.substring(0, HASH_CHARS);
    }

    /// What its ending says.
    public PictureFormat format() {
        String extension = value.substring(HASH_CHARS + 1);
        return Arrays.stream(PictureFormat.values())
                .filter(format -> format.extension().equals(extension))
                .findFirst()
                .orElseThrow();
    }
}
