// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `images` and `embed` on the demo pictures.
class ImagesCommandsTest {
    private static final Path DEMO = Path.of(System.getProperty("joust.repository.root", ".."), "demo");

    @TempDir
    Path folder;

    @Test
    void demoPicturesOfARedStarComeFirst() throws Exception {
        Path data = folder.resolve("data");
        assertEquals("{\"stored\":120,\"exists\":0,\"failed\":0,\"version\":", Run.ok("images", "add", "--data", data, DEMO, "--json").substring(0, 46));
        assertEquals("0 stored, 120 there already\n", Run.ok("images", "add", "--data", data, DEMO));
        Map<String, Boolean> isRedStarById = new HashMap<>();
        for (JsonNode picture : Run.parse(Files.readString(DEMO.resolve("captions.json")))) {
            byte[] bytes = Files.readAllBytes(DEMO.resolve(picture.get("file").asText()));
            String sha256 = HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
            boolean isRedStar = false;
            for (JsonNode object : picture.get("objects")) {
                isRedStar |= object.get("shape").asText().equals("star") && object.get("color").asText().equals("red");
            }
            isRedStarById.put("images/" + sha256 + ".jpg", isRedStar);
        }
        long stars = isRedStarById.values().stream().filter(is -> is).count();
        List<JsonNode> found = Run.rows("images", "search", "--data", data, "a red star", "-k", stars);
        assertTrue(stars > 0);
        for (JsonNode hit : found) {
            assertTrue(isRedStarById.get(hit.get("id").asText()), hit::toString);
        }
        List<String> names = new ArrayList<>();
        found.getFirst().fieldNames().forEachRemaining(names::add);
        assertEquals(List.of("id", "path", "_distance"), names);
        assertTrue(Files.exists(data.resolve(found.getFirst().get("id").asText())));
    }

    @Test
    void refusedFilesAreNamedAndTheOthersStored() throws IOException {
        Path data = folder.resolve("data");
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no picture");
        Run run = Run.of("images", "add", "--data", data, DEMO.resolve("000.jpg"), broken, DEMO.resolve("001.jpg"));
        assertEquals(1, run.exit());
        assertTrue(run.err().startsWith(broken.toString()), run.err());
        assertEquals("2 stored, 0 there already, 1 refused\n", run.out());
    }

    @Test
    void wordsAndPicturesBecomeVectors() {
        assertEquals(128, Run.json("embed", "--text", "a red star").size());
        JsonNode picture = Run.json("embed", "--image", DEMO.resolve("000.jpg"), "--model", "default");
        double norm = 0;
        for (JsonNode value : picture) {
            norm += value.asDouble() * value.asDouble();
        }
        assertEquals(1, norm, 1e-4);
    }

    /// Whichever of a folder's graphs is named is the one that answers.
    @Test
    void theVariantNamedIsUsed() {
        String model = "../embed/src/test/resources/dev/joust/embed/models/sentence-mean";
        JsonNode exact = Run.json("embed", "--text", "a red star", "--model", model);
        assertEquals(exact, Run.json("embed", "--text", "a red star", "--model", model, "--variant", "fp32", "--model-threads", "2"));
        JsonNode half = Run.json("embed", "--text", "a red star", "--model", model, "--variant", "fp16");
        assertEquals(16, half.size());
        assertNotEquals(exact, half);
        assertEquals(exact.get(0).asDouble(), half.get(0).asDouble(), 4e-3);
    }

    @Test
    void theServersModelMayBeSetInAFile() throws IOException {
        Path config = Files.writeString(folder.resolve("joust.properties"), "model=./clip\nvariant=int8\nmodel-threads=3\n");
        String shown = Run.ok("serve", "--config", config, "--variant", "fp16", "--print-config");
        assertTrue(shown.contains("model=./clip\nvariant=fp16\nmodel-threads=3\n"), shown);
    }
}
