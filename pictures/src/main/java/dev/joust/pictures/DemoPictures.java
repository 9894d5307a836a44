// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.joust.pictures.StoredPicture.Status;

/// The 120 small drawings that come with Joust, for a first look at a search by words.
public final class DemoPictures {
    private static final String CAPTIONS = "captions.json";

    /// @param fileName such as `000.jpg`
    /// @param caption  a sentence that is true of the picture
    /// @param objects  what is drawn
    public record DemoPicture(String fileName, String caption, List<DrawnObject> objects) {}

    /// One of 12 shapes in one of 10 colours.
    public record DrawnObject(String shape, String colour) {}

    private DemoPictures() {}

    /// All of them, in order of their names.
    public static List<DemoPicture> list() {
        JsonNode captions;
        try {
            captions = new ObjectMapper().readTree(resource(CAPTIONS));
        } catch (IOException e) {
            throw new UncheckedIOException(CAPTIONS, e);
        }
        return StreamSupport.stream(captions.spliterator(), false).map(DemoPictures::picture).toList();
    }

    private static DemoPicture picture(JsonNode node) {
        List<DrawnObject> objects = StreamSupport.stream(node.path("objects").spliterator(), false)
                .map(object -> new DrawnObject(object.path("shape").asText(), object.path("color").asText()))
                .toList();
        return new DemoPicture(node.path("file").asText(), node.path("caption").asText(), objects);
    }

    /// The encoded bytes of one of them.
    public static byte[] bytes(DemoPicture picture) {
        return resource(picture.fileName());
    }

    private static byte[] resource(String name) {
        try (InputStream in = DemoPictures.class.getResourceAsStream("demo/" + name)) {
            return Objects.requireNonNull(in, () -> "no demo picture " + name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /// Adds them all, several at a time; those that are there already stay as they are.
    ///
    /// @param progress told the number of pictures done, from any thread
    /// @return how many were not there before
    public static int addTo(PictureLibrary library, IntConsumer progress) {
        AtomicInteger doneCount = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Future<Status>> results = list().stream()
                    .map(picture -> threads.submit(() -> {
                        Status status = library.add(bytes(picture)).status();
                        progress.accept(doneCount.incrementAndGet());
                        return status;
                    }))
                    .toList();
            int storedCount = 0;
            for (Future<Status> result : results) {
                storedCount += result.get() == Status.STORED ? 1 : 0;
            }
            return storedCount;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the demo pictures were added", e);
        }
    }
}
