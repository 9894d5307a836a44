// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;

import dev.joust.io.ReadStats;
import dev.joust.pictures.StoredPicture.Status;

class BulkAdditionTest extends InMemoryLibrary {
    private final Map<String, BulkOutcome> outcomes = new HashMap<>();
    private final List<BulkProgress> progress = new ArrayList<>();
    private final BulkListener listener = new BulkListener() {
        @Override
        public void done(BulkOutcome outcome) {
            outcomes.put(outcome.name(), outcome);
        }

        @Override
        public void progress(BulkProgress now) {
            progress.add(now);
        }
    };

    private static PictureSource variant(int number) {
        return PictureSource.of("" + number, PictureUpload.of(Variants.of(number)));
    }

    private static Iterator<PictureSource> variants(int start, int end) {
        return IntStream.range(start, end).mapToObj(BulkAdditionTest::variant).iterator();
    }

    private static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : new java.util.TreeMap<>(entries).entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private BulkProgress addZip(byte[] zip) {
        try (ZipPictures pictures = ZipPictures.of("a.zip", new ByteArrayInputStream(zip))) {
            return library.addAll(pictures, BulkOptions.DEFAULT, listener);
        }
    }

    private String reason(String name) {
        return Objects.requireNonNull(outcomes.get(name).reason(), name);
    }

    @Test
    void manyPicturesShareAVersionAndARequestOrTwoEach() {
        int count = 300;
        ReadStats before = store.stats();
        BulkProgress ended = library.addAll(variants(0, count), BulkOptions.DEFAULT.withTotalCount(count), listener);
        assertEquals(count, ended.storedCount());
        assertEquals(count, library.stats().rowCount());
        assertEquals(ended, progress.getLast());
        assertEquals(0, ended.waitingCount());
        BulkProgress.Shares shares = ended.shares();
        assertEquals(1, shares.reading() + shares.decoding() + shares.model() + shares.storage(), 1e-6);
        assertTrue(shares.model() > 0 && shares.decoding() > 0 && shares.storage() > 0, shares.toString());
        // bytes and thumbnail of each; few commits
        long requests = store.stats().since(before).requestCount();
        assertTrue(requests <= 2 * count + 100, requests + " requests");
        assertEquals(0, library.searchByPicture(Variants.of(7), 1).getFirst().distance(), 1e-6);
    }

    @Test
    void whatIsThereIsPassedOverAndRepeatsCountOnce() {
        library.addAll(variants(0, 20), BulkOptions.DEFAULT, listener);
        List<PictureSource> sources = new ArrayList<>();
        variants(10, 40).forEachRemaining(sources::add);
        for (int i = 0; i < 5; i++) {
            sources.add(PictureSource.of("again " + i, PictureUpload.of(Variants.of(30))));
        }
        BulkProgress ended = library.addAll(sources.iterator(), BulkOptions.DEFAULT.withCommitCount(3), listener);
        assertEquals(20, ended.storedCount());
        assertEquals(15, ended.existsCount());
        assertEquals(40, library.stats().rowCount());
        long stored = outcomes.values().stream()
                .filter(outcome -> outcome.picture().id().equals(library.add(Variants.of(30)).id()))
                .filter(outcome -> outcome.picture().status() == Status.STORED)
                .count();
        assertEquals(1, stored);
    }

    @Test
    void oneBadFileDoesNotStopTheRest() {
        List<PictureSource> sources = new ArrayList<>();
        variants(0, 5).forEachRemaining(sources::add);
        byte[] cut = java.util.Arrays.copyOf(DemoPictures.bytes(DemoPictures.list().getFirst()), 1500);
        sources.add(2, PictureSource.of("cut", PictureUpload.of(cut)));
        sources.add(3, PictureSource.of("text", PictureUpload.of("hello".getBytes(StandardCharsets.UTF_8))));
        sources.add(4, PictureSource.of("cut again", PictureUpload.of(cut)));
        sources.add(new PictureSource() {
            @Override
            public String name() {
                return "unreadable";
            }

            @Override
            public PictureUpload read() throws IOException {
                throw new IOException("no permission");
            }
        });
        BulkProgress ended = library.addAll(sources.iterator(), BulkOptions.DEFAULT, listener);
        assertEquals(5, ended.storedCount());
        assertEquals(4, ended.refusedCount());
        assertEquals("no permission", reason("unreadable"));
        assertTrue(reason("text").contains("not a picture"), reason("text"));
        assertEquals(reason("cut"), reason("cut again"));
    }

    @Test
    void aListenerThatFailsEndsItAndWhatWasCommittedStays() {
        BulkListener failing = new BulkListener() {
            @Override
            public void done(BulkOutcome outcome) {
                throw new IllegalStateException("gone");
            }
        };
        assertEquals("gone", assertThrows(IllegalStateException.class,
                () -> library.addAll(variants(0, 200), BulkOptions.DEFAULT.withCommitCount(10), failing)).getMessage());
        assertTrue(library.stats().rowCount() < 200);
        library.addAll(variants(0, 50), BulkOptions.DEFAULT, listener);
        assertEquals(50, outcomes.size());
        assertTrue(outcomes.values().stream().anyMatch(outcome -> outcome.picture().status() == Status.EXISTS));
    }

    @Test
    void entriesOfAZipAreReadWhateverTheyAreCalled() throws IOException {
        BulkProgress ended = addZip(zip(Map.of(
                "a/b/1.jpg", Variants.of(1),
                "../../2.jpg", Variants.of(2),
                "C:\\Windows\\3.jpg", Variants.of(3),
                "a/", new byte[0],
                "__MACOSX/a/1.jpg", Variants.of(4),
                "a/.hidden.jpg", Variants.of(5),
                "notes.txt", "hello".getBytes(StandardCharsets.UTF_8))));
        assertEquals(3, ended.storedCount());
        assertEquals(1, ended.refusedCount());
        assertTrue(outcomes.containsKey("a.zip!../../2.jpg"));
        assertTrue(store.list(dev.joust.io.ObjectPath.ROOT).stream()
                .allMatch(meta -> meta.path().value().matches("(images|thumbnails|images.lance)/.*")));
    }

    @Test
    void anArchiveThatGrowsTooMuchOrIsDamagedIsLeftThere() {
        Map<String, byte[]> entries = new HashMap<>();
        entries.put("1.jpg", Variants.of(1));
        for (int i = 0; i < 2; i++) {
            entries.put("zeros" + i, new byte[60 << 20]);
        }
        entries.put("zz.jpg", Variants.of(2));
        assertEquals(1, addZip(zip(entries)).storedCount());
        assertTrue(reason("a.zip").contains("100 times"), reason("a.zip"));
        byte[] whole = zip(Map.of("3.jpg", Variants.of(3), "4.jpg", Variants.of(4), "5.jpg", Variants.of(5)));
        outcomes.clear();
        addZip(java.util.Arrays.copyOf(whole, whole.length / 2));
        assertTrue(outcomes.containsKey("a.zip"), outcomes.keySet().toString());
        outcomes.clear();
        addZip("no archive".getBytes(StandardCharsets.UTF_8));
        assertTrue(reason("a.zip").contains("not a zip"), reason("a.zip"));
    }
}
