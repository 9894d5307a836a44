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
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
    void foldersAndArchivesAreAddedButForWhatIsHidden() throws IOException {
        Path data = folder.resolve("data");
        Path trip = Files.createDirectories(folder.resolve("trip/day 1"));
        Files.copy(DEMO.resolve("000.jpg"), trip.resolve("a.JPG"));
        Files.copy(DEMO.resolve("001.jpg"), trip.resolve(".hidden.jpg"));
        Files.copy(DEMO.resolve("002.jpg"), Files.createDirectories(folder.resolve("trip/.cache")).resolve("b.jpg"));
        Files.writeString(trip.resolve("notes.txt"), "no picture");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(trip.resolve("more.zip")))) {
            for (String name : List.of("003.jpg", "004.jpg", "000.jpg")) {
                zip.putNextEntry(new ZipEntry("../" + name));
                zip.write(Files.readAllBytes(DEMO.resolve(name)));
            }
        }
        JsonNode added = Run.json("images", "add", "--data", data, folder.resolve("trip"), "--tag", "sea", "--caption", "a trip", "--json");
        assertEquals(3, added.get("stored").asInt());
        assertEquals(1, added.get("exists").asInt());
        assertEquals(0, added.get("failed").asInt());
        assertTrue(added.get("pictures_per_second").asDouble() > 0);
        List<String> shares = new ArrayList<>();
        added.get("shares").fieldNames().forEachRemaining(shares::add);
        assertEquals(List.of("reading", "decoding", "model", "storage"), shares);
        List<JsonNode> listed = Run.rows("images", "list", "--data", data, "-w", "array_has(tags, 'sea') and width > 10");
        assertEquals(3, listed.size());
        assertEquals("a trip", listed.getFirst().get("caption").asText());
        assertEquals("[\"sea\"]", listed.getFirst().get("tags").toString());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatIsNoFileOrCannotBeReadIsRefusedAndTheRestAdded() throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        Files.copy(DEMO.resolve("000.jpg"), pictures.resolve("a.jpg"));
        Files.createSymbolicLink(pictures.resolve("loop"), pictures);
        Path pipe = folder.resolve("pipe.jpg");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path folderLike = Files.createDirectories(pictures.resolve("b.zip"));
        Run run = Run.of("images", "add", "--data", data, pictures, pipe, DEMO.resolve("001.jpg"));
        assertEquals(1, run.exit());
        assertEquals("2 stored, 0 there already, 1 refused\n", run.out());
        assertTrue(run.err().contains(pipe + ": not a file with bytes of its own"), run.err());
        assertTrue(Files.isDirectory(folderLike));
    }

    @Test
    void deletedPicturesAreListedRestoredAndPurged() throws IOException {
        Path data = folder.resolve("data");
        Run.ok("images", "add", "--data", data, DEMO.resolve("000.jpg"), DEMO.resolve("001.jpg"), "--tag", "kept");
        String id = Run.rows("images", "list", "--data", data).getFirst().get("id").asText();
        assertEquals("1 deleted\n", Run.ok("images", "delete", "--data", data, id));
        assertEquals(1, Run.of("images", "delete", "--data", data, id).exit());
        assertEquals(id, Run.rows("images", "list", "--data", data, "--deleted").getFirst().get("id").asText());
        assertEquals(1, Run.of("images", "show", "--data", data, id).exit());
        assertEquals("1 restored, 0 there already\n", Run.ok("images", "restore", "--data", data, id));
        assertEquals("[\"kept\"]", Run.rows("images", "show", "--data", data, id).getFirst().get("tags").toString());
        assertEquals("{\"purged\":1}\n", Run.ok("images", "purge", "--data", data, "--older-than", "0s", "--json"));
        Run.ok("images", "delete", "--data", data, id);
        Run.ok("images", "purge", "--data", data, "--older-than", "0s");
        assertEquals(1, Run.of("images", "restore", "--data", data, id).exit());
        assertEquals("{\"stray\":0,\"purged\":0,\"versions\":0,\"files\":0}\n", Run.ok("images", "cleanup", "--data", data, "--json"));
        assertTrue(Run.json("images", "cleanup", "--data", data, "--versions", "0s", "--json").get("versions").asInt() > 1);
        assertEquals(2, Run.of("images", "cleanup", "--data", data, "--deleted", "soon").exit());
    }

    @Test
    void searchesTakePicturesConditionsPagesAndVersions() throws IOException {
        Path data = folder.resolve("data");
        for (int i = 0; i < 8; i++) {
            Run.ok("images", "add", "--data", data, DEMO.resolve("00" + i + ".jpg"), "--tag", i < 4 ? "early" : "late");
        }
        List<JsonNode> all = Run.rows("images", "search", "--data", data, "a red star");
        assertEquals(8, all.size());
        List<JsonNode> page = Run.rows("images", "search", "--data", data, "a red star", "-k", "2", "--offset", "3");
        assertEquals(all.subList(3, 5), page);
        assertEquals(4, Run.rows("images", "search", "--data", data, "a red star", "-w", "array_has(tags, 'early')").size());
        String first = all.getFirst().get("id").asText();
        List<JsonNode> unlike = Run.rows("images", "search", "--data", data, "a red star", "--unlike", first);
        assertEquals(7, unlike.size());
        List<JsonNode> alike = Run.rows("images", "search", "--data", data, "--picture", DEMO.resolve("003.jpg"), "--metadata", "-k", "1");
        assertEquals(0, alike.getFirst().get("_distance").asDouble(), 1e-6);
        assertEquals("jpeg", alike.getFirst().get("format").asText());
        assertTrue(Run.rows("images", "search", "--data", data, "a red star", "--at", "4").size() < 8);
        assertEquals(8, Run.rows("images", "search", "--data", data, "a red star", "--at", "2999-01-01").size());
        assertEquals(1, Run.of("images", "search", "--data", data, "a red star", "--at", "2001-01-01T10:00:00Z").exit());
        assertEquals(2, Run.of("images", "search", "--data", data).exit());
        assertEquals(2, Run.of("images", "search", "--data", data, "a red star", "--at", "soon").exit());
        assertEquals(1, Run.of("images", "search", "--data", data, "a red star", "-w", "nothing = 1").exit());
    }

    @Test
    void rowsOfOtherProgramsAreRefilled() throws IOException {
        Path data = folder.resolve("data");
        Run.ok("images", "add", "--data", data, DEMO.resolve("000.jpg"), DEMO.resolve("001.jpg"));
        Run.ok("column", "drop", data.resolve("images.lance"), "width", "height", "bytes", "format", "taken_at", "camera");
        assertEquals("2 rows got metadata, 0 vectors\n", Run.ok("images", "refill", "--data", data));
        assertEquals(2, Run.rows("images", "list", "--data", data, "-w", "format = 'jpeg' and bytes > 100 and width > 10").size());
        assertEquals(0, Run.json("images", "refill", "--data", data, "--json").get("metadata").asInt());
    }

    @Test
    void furtherModelsHaveTheirColumns() {
        Path data = folder.resolve("data");
        Path model = DEMO.resolveSibling("embed/src/test/resources/dev/joust/embed/models/siglip");
        Run.ok("images", "add", "--data", data, DEMO.resolve("000.jpg"), DEMO.resolve("001.jpg"));
        assertEquals("2 filled\n", Run.ok("images", "vectors", "add", "--data", data, "other", model));
        assertEquals(0, Run.json("images", "vectors", "add", "--data", data, "other", model, "--json").get("filled").asInt());
        assertEquals("other", Run.json("images", "vectors", "list", "--data", data, "--json").get(1).get("name").asText());
        List<JsonNode> found = Run.rows("images", "search", "--data", data, "--column", "other",
                "--column-model", "other=" + model, "--picture", DEMO.resolve("001.jpg"));
        assertEquals(0, found.getFirst().get("_distance").asDouble(), 1e-5);
        Run refused = Run.of("images", "search", "--data", data, "--model", model, "red");
        assertEquals(1, refused.exit());
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
        String cleaned = Run.ok("serve", "--purge-after", "30d", "--print-config");
        assertTrue(cleaned.contains("purge-after=30d\nkeep-versions=\n"), cleaned);
        assertEquals(2, Run.of("serve", "--keep-versions", "some", "--print-config").exit());
    }
}
