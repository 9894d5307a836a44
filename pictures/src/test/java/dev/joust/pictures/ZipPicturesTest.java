// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipPicturesTest {
    private static final byte[] CONTENT = {1, 2, 3};

    /// Entries of those names, in that order, with names as bytes of Latin-1 where they are no UTF-8.
    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.ISO_8859_1)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(CONTENT);
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    /// What comes out: names, and of what is refused the reason.
    private static List<String> read(ZipPictures zip) throws IOException {
        List<String> found = new ArrayList<>();
        try (zip) {
            while (zip.hasNext()) {
                PictureSource source = zip.next();
                try {
                    assertEquals(CONTENT.length, source.read().bytes().length);
                    found.add(source.name());
                } catch (IllegalArgumentException e) {
                    found.add(source.name() + ": " + e.getMessage());
                }
            }
        }
        return found;
    }

    private static List<String> streamed(byte[] zip) throws IOException {
        return read(ZipPictures.of("z", new ByteArrayInputStream(zip)));
    }

    private static List<String> ofFile(Path folder, byte[] zip) throws IOException {
        Path file = Files.write(folder.resolve("z"), zip);
        return read(ZipPictures.of(file, null, List.of())).stream()
                .map(name -> name.replace(file.toString(), "z"))
                .toList();
    }

    @Test
    void namesOfAnyCodePageAndOfUtf8WithoutItsFlagAreRead(@TempDir Path folder) throws IOException {
        String utf8 = new String("ü🎈.jpg".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        byte[] zip = zip("caf\u0082.jpg", utf8, "plain.jpg");
        List<String> expected = List.of("z!caf\u0082.jpg", "z!ü🎈.jpg", "z!plain.jpg");
        assertEquals(expected, streamed(zip));
        assertEquals(expected, ofFile(folder, zip));
    }

    @Test
    void whatSystemsPutBesideIsPassedOverAndArchivesWithinAreNotLookedInto(@TempDir Path folder) throws IOException {
        byte[] zip = zip("__MACOSX/._a.jpg", "a/.DS_Store", "a/Thumbs.db", "b/desktop.ini", "b/1.jpg");
        assertEquals(List.of("z!b/1.jpg"), streamed(zip));
        ByteArrayOutputStream outer = new ByteArrayOutputStream();
        try (ZipOutputStream entries = new ZipOutputStream(outer)) {
            entries.putNextEntry(new ZipEntry("inner.zip"));
            entries.write(zip);
        }
        assertEquals(
                List.of("z!inner.zip: an archive within an archive is not looked into"),
                ofFile(folder, outer.toByteArray()));
    }

    @Test
    void ofAFileADamagedEntryDoesNotHideWhatFollows(@TempDir Path folder) throws IOException {
        byte[] zip = zip("1.jpg", "2.jpg", "3.jpg");
        int second = new String(zip, StandardCharsets.ISO_8859_1).indexOf("2.jpg");
        zip[second + "2.jpg".length()] = (byte) 0xff; // a kind of block that there is not
        assertEquals(
                List.of("z!1.jpg", "z!2.jpg: damaged: invalid block type", "z!3.jpg"), ofFile(folder, zip));
        assertEquals(
                List.of("z!1.jpg", "z: entry z!2.jpg is damaged: invalid block type"), streamed(zip));
    }

    @Test
    void aFileWhoseEndIsLostOrThatIsAProgramTooIsReadAsFarAsItGoes(@TempDir Path folder) throws IOException {
        byte[] zip = zip("1.jpg", "2.jpg", "3.jpg");
        int third = new String(zip, StandardCharsets.ISO_8859_1).indexOf("3.jpg");
        List<String> found = ofFile(folder, java.util.Arrays.copyOf(zip, third));
        assertEquals(List.of("z!1.jpg", "z!2.jpg"), found.subList(0, 2));
        ByteArrayOutputStream program = new ByteArrayOutputStream();
        program.write("#!/bin/sh\nexit\n".getBytes(StandardCharsets.UTF_8));
        program.write(zip);
        assertEquals(List.of("z!1.jpg", "z!2.jpg", "z!3.jpg"), ofFile(folder, program.toByteArray()));
    }
}
