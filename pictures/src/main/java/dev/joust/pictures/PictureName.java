// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.joust.embed.image.PictureFormat;
import dev.joust.io.ObjectPath;

/// The name of a picture: the same bytes have the same name everywhere.
///
/// @param value `{sha256}.{ext}`: 64 hex digits in lower case, then the ending of its format
public record PictureName(String value) {
    private static final String FOLDER = "images";
    private static final ObjectPath THUMBNAIL_FOLDER = ObjectPath.of("thumbnails");
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
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(encoded);
            return new PictureName(HexFormat.of().formatHex(hash) + "." + format.extension());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Empty where the text is no such name, whatever else it holds.
    public static Optional<PictureName> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new PictureName(text)) : Optional.empty();
    }

    /// The name in a row's id; empty where it is of no picture that is kept here.
    public static Optional<PictureName> ofId(String id) {
        return id.startsWith(FOLDER + "/") ? parse(id.substring(FOLDER.length() + 1)) : Optional.empty();
    }

    /// The row's id.
    public String id() {
        return FOLDER + "/" + value;
    }

    /// Where the bytes are below the library's root.
    public ObjectPath path() {
        return ObjectPath.of(FOLDER).resolve(value);
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
