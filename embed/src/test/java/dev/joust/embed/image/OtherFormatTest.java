// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.joust.embed.image.PictureException.Reason;

/// What is said of files that people have and that are not read. The first bytes are those of real ones.
class OtherFormatTest {
    private static final PictureDecoder DECODER = new PictureDecoder(PictureLimits.DEFAULT);

    private static PictureException refusal(byte[] encoded) {
        return assertThrows(PictureException.class, () -> DECODER.decodeToKeep(encoded, picture -> picture));
    }

    @ParameterizedTest
    @CsvSource({
        "ftypheic, HEIF", "ftypmif1, HEIF", "ftypmsf1, HEIF", "ftypavif, AVIF", "ftypavis, AVIF", "ftypcrx\\s, raw",
        "ftypmp42, film", "ftypqt\\s\\s, film", "ftypisom, film"
    })
    void picturesAndFilmsThatBeginAlikeAreToldApart(String brand, String name) {
        String start = "\0\0\0\u0018" + brand.replace("\\s", " ") + "\0\0\0\0";
        PictureException refusal = refusal(start.getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(refusal.getMessage().contains(name), refusal.getMessage());
        assertEquals(name.equals("film") ? Reason.NOT_A_PICTURE : Reason.UNSUPPORTED, refusal.reason());
        assertEquals(!name.equals("film"), refusal.getMessage().contains("export it as JPEG"), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "IIRO\\b\\0\\0\\0, raw", "IIU\\0\\b\\0\\0\\0, raw", "FUJIFILMCCD-RAW\\s, raw", "FOVb\\0\\0\\0\\0, raw", "8BPS\\0, Photoshop",
        "gimp xcf file, GIMP", "P6\\n32 16, Netpbm", "%PDF-1.7, PDF", "<svg xmlns=, SVG"
    })
    void theWordsNameWhatItIs(String start, String name) {
        byte[] encoded = start.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(refusal(encoded).getMessage().contains(name), refusal(encoded).getMessage());
    }

    /// The first page of a DNG or NEF is a stamp of 160 x 120 pixels, or so, and a program that shows it is told nothing else.
    @Test
    void thePreviewOfARawPictureIsNotTakenForIt() {
        Map<Integer, Integer> plain = new TreeMap<>(Map.of(256, 2, 257, 2, 258, 8, 259, 1, 262, 1, 273, 8, 277, 1, 278, 2, 279, 4));
        assertEquals(2, DECODER.<Integer>decodeToKeep(tiff(plain), picture -> picture.facts().width()));
        for (Map<Integer, Integer> raw : List.of(Map.of(254, 1, 330, 8), Map.of(50706, 0x401), Map.of(262, 32803))) {
            Map<Integer, Integer> tags = new TreeMap<>(plain);
            tags.putAll(raw);
            PictureException refusal = refusal(tiff(tags));
            assertEquals(Reason.UNSUPPORTED, refusal.reason());
            assertTrue(refusal.getMessage().contains("raw"), refusal.getMessage());
        }
    }

    private static byte[] tiff(Map<Integer, Integer> tags) {
        ByteBuffer out = ByteBuffer.allocate(12 + 2 + 12 * tags.size() + 4).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(12).putInt(0).putShort((short) tags.size());
        tags.forEach((tag, value) -> out.putShort((short) (int) tag).putShort((short) 4).putInt(1).putInt(value));
        return out.array();
    }
}
