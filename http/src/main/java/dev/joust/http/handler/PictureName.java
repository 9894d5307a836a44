// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.joust.embed.image.PictureFormat;
import dev.joust.http.request.RequestException;

/// `{sha256}.{ext}`: the only names that pictures have, so that no other file can be asked for.
///
/// @param sha256 64 hex digits, lower case
/// @param extension lower case, without the dot
record PictureName(String sha256, String extension) {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})\\.([a-z]{1,8})");

    /// @throws RequestException (404) for any other name: there is no such picture
    static PictureName parse(String fileName) {
        Matcher matcher = NAME.matcher(fileName);
        if (!matcher.matches()) {
            throw new RequestException(404, "no such picture: names are the SHA-256 and an ending");
        }
        return new PictureName(matcher.group(1), matcher.group(2));
    }

    String fileName() {
        return sha256 + "." + extension;
    }

    /// `images/{sha256}.{ext}`.
    String id() {
        return "images/" + fileName();
    }

    String contentType() {
        return Arrays.stream(PictureFormat.values())
                .filter(format -> format.extension().equals(extension))
                .findFirst()
                .map(PictureFormat::mediaType)
                .orElse("application/octet-stream");
    }
}
