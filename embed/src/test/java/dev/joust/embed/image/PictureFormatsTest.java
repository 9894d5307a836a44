// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.embed.Golden;

/// Every format that is read, against Pillow's pixels.
class PictureFormatsTest {
    private static final PictureDecoder DECODER = new PictureDecoder(PictureLimits.DEFAULT);
    private static final JsonNode FACTS = Golden.json("formats/facts.json");

    static Stream<String> pictures() {
        return FACTS.propertyStream().map(java.util.Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void pixelsAndFactsAreWhatPillowSays(String name) {
        JsonNode expected = FACTS.path(name);
        byte[] encoded = Golden.bytes("formats/" + name);
        DecodedPicture picture = DECODER.decode(encoded, decoded -> decoded);
        PictureFacts facts = picture.facts();
        assertEquals(expected.path("width").asInt(), facts.width());
        assertEquals(expected.path("height").asInt(), facts.height());
        assertEquals(encoded.length, facts.sizeBytes());
        assertEquals(name.substring(name.lastIndexOf('.') + 1), facts.format().extension());
        assertEquals(expected.path("takenAt").asText("null"), isoSeconds(facts));
        assertEquals(expected.path("camera").asText("null"), String.valueOf(facts.camera()));
        assertSame(name, expected, Golden.bytes("formats/" + name + ".rgb"), picture.pixels().toPackedBytes());
    }

    private static String isoSeconds(PictureFacts facts) {
        return facts.takenAt() == null ? "null"
                : facts.takenAt().format(java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", java.util.Locale.ROOT));
    }

    private static void assertSame(String name, JsonNode expected, byte[] truth, byte[] found) {
        assertEquals(truth.length, found.length);
        int largest = 0;
        long sum = 0;
        for (int i = 0; i < truth.length; i++) {
            int difference = Math.abs((truth[i] & 0xFF) - (found[i] & 0xFF));
            largest = Math.max(largest, difference);
            sum += difference;
        }
        double mean = (double) sum / truth.length;
        assertTrue(largest <= expected.path("largest").asInt() && mean <= expected.path("mean").asDouble(),
                name + ": largest difference " + largest + ", mean " + mean);
    }

    @Test
    void everyFormatIsAmongTheGoldenOnes() {
        for (PictureFormat format : PictureFormat.values()) {
            assertTrue(pictures().anyMatch(name -> name.endsWith("." + format.extension())), format.name());
        }
    }
}
