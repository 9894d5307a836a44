// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.embed.Golden;
import dev.joust.embed.image.PictureException.Reason;

class ForeignContentTest {
    private static final PictureDecoder DECODER = new PictureDecoder(PictureLimits.DEFAULT);
    private static final byte[] JPEG = Golden.bytes("formats/camera.jpg");

    private static int widthToKeep(byte[] encoded) {
        return DECODER.decodeToKeep(encoded, picture -> picture.facts().width());
    }

    private static byte[] followedBy(byte[] picture, byte[] more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(picture);
        out.writeBytes(more);
        return out.toByteArray();
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// What phones and editors leave behind a picture.
    @ParameterizedTest
    @ValueSource(strings = {"\0\0\0\0", "\0\0\0 ftypmp42 a film", "\0\0\n\u000e\0\0\0Image_UTC_DataSEFT", "\r\n\r\n", "IDAT of an older picture"})
    void harmlessBytesBehindAPictureAreTaken(String more) {
        assertEquals(29, widthToKeep(followedBy(JPEG, latin(more))));
        assertEquals(37, widthToKeep(followedBy(Golden.bytes("formats/srgb.png"), latin(more))));
        assertEquals(37, widthToKeep(followedBy(Golden.bytes("formats/plain.gif"), latin(more))));
        assertEquals(29, widthToKeep(followedBy(JPEG, JPEG)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PK\3\4", "\n\n<!DOCTYPE html>", "%PDF-1.4", "<?php phpinfo(); ?>", "#!/bin/sh", "*/alert(1)", "\0\0<script src=x>"})
    void somethingElseBehindAPictureIsRefused(String more) {
        for (String name : new String[] {"camera.jpg", "srgb.png", "plain.gif", "rgb24.bmp", "lossless.webp"}) {
            byte[] both = followedBy(Golden.bytes("formats/" + name), latin(more + " and so on"));
            assertEquals(Reason.FOREIGN, assertThrows(PictureException.class, () -> widthToKeep(both)).reason(), name);
            // Decoding alone looks at the picture
            DECODER.decode(both, picture -> picture.facts().width());
        }
    }

    /// Photoshop on a Mac keeps the printer's settings so; a page it is not.
    @Test
    void aDocumentThatIsNoPageIsTaken() {
        assertTrue(new String(Golden.bytes("formats/photoshop.jpg"), StandardCharsets.ISO_8859_1).contains("<!DOCTYPE plist"));
        assertEquals(37, widthToKeep(Golden.bytes("formats/photoshop.jpg")));
        byte[] page = followedBy(JPEG, latin("\0\0<!DOCTYPE HTML PUBLIC>"));
        assertEquals(Reason.FOREIGN, assertThrows(PictureException.class, () -> widthToKeep(page)).reason());
    }

    @Test
    void anArchiveIsFoundBehindAnythingAndInTheMiddleOfAComment() throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.putNextEntry(new ZipEntry("a.class"));
            zip.write(latin("code"));
        }
        byte[] both = followedBy(JPEG, followedBy(latin("harmless, and then "), archive.toByteArray()));
        assertEquals(Reason.FOREIGN, assertThrows(PictureException.class, () -> widthToKeep(both)).reason());
        byte[] comment = followedBy(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xFE, 0, (byte) (archive.size() + 2)},
                followedBy(archive.toByteArray(), Arrays.copyOfRange(JPEG, 2, JPEG.length)));
        assertEquals(Reason.FOREIGN, assertThrows(PictureException.class, () -> widthToKeep(comment)).reason());
        // The letters alone are no archive
        assertEquals(29, widthToKeep(followedBy(JPEG, latin("a PK\5\6 that ends nothing, somewhere in the bytes behind"))));
    }
}
