// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.joust.http.json.UploadEvent;
import dev.joust.http.request.Upload;
import dev.joust.http.request.UploadedPicture;
import dev.joust.pictures.BulkListener;
import dev.joust.pictures.BulkOutcome;
import dev.joust.pictures.BulkProgress;

/// Makes events of what the library says of an upload's pictures.
final class UploadListener implements BulkListener {
    /// Where a picture came from, without its bytes.
    private record Origin(int index, int part, String file, boolean archive) {}

    private final Consumer<UploadEvent> events;
    private final Map<String, Origin> underWay = new ConcurrentHashMap<>();

    /// @param events ends the work by what it throws
    UploadListener(Consumer<UploadEvent> events) {
        this.events = events;
    }

    /// The pictures, remembered until they are settled.
    Iterator<UploadedPicture> watch(Upload upload) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return upload.hasNext();
            }

            @Override
            public UploadedPicture next() {
                UploadedPicture picture = upload.next();
                underWay.put(picture.name(),
                        new Origin(picture.index(), picture.part(), picture.file(), picture.archive()));
                return picture;
            }
        };
    }

    @Override
    public void done(BulkOutcome outcome) {
        Origin origin = underWay.remove(outcome.name());
        if (origin != null) {
            events.accept(new UploadEvent.Settled(
                    origin.index(), origin.part(), origin.file(), origin.archive(), outcome.picture(), outcome.reason()));
        }
    }

    @Override
    public void progress(BulkProgress progress) {
        events.accept(new UploadEvent.Totals(false, progress));
    }
}
