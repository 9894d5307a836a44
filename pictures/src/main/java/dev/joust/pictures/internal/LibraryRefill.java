// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import dev.joust.pictures.FillListener;
import dev.joust.pictures.FilledColumn;
import dev.joust.pictures.RefilledLibrary;
import dev.joust.search.Table;

/// Gives rows that other programs wrote what they lack and their pictures tell: metadata, and vectors of the models that
/// are open. Thread-safe.
public final class LibraryRefill {
    private static final int STEP_ROWS = 4096;

    private final ColumnModels models;
    private final PictureFiles files;
    private final PictureWriter writer;

    public LibraryRefill(ColumnModels models, PictureFiles files, PictureWriter writer) {
        this.models = models;
        this.files = files;
        this.writer = writer;
    }

    public RefilledLibrary run(FillListener listener) throws IOException {
        Optional<Table> widened = writer.widen();
        if (widened.isEmpty()) {
            return new RefilledLibrary(0, 0, 0, 0);
        }
        Table table = widened.get();
        long metadataCount = 0;
        long vectorCount = 0;
        long emptyCount = 0;
        long version = table.version();
        for (List<String> names : MetadataFilling.groups(table.dataset())) {
            MetadataFilling facts = new MetadataFilling(models, files, names);
            FilledColumn metadata = new ColumnFill(facts, STEP_ROWS, listener).run(table);
            metadataCount = Math.max(metadataCount, metadata.filledCount());
            emptyCount = facts.isSure() ? Math.max(emptyCount, metadata.emptyCount()) : emptyCount;
            version = metadata.version();
        }
        for (String column : models.byColumn().keySet()) {
            if (table.schema().field(column).isPresent()) {
                FilledColumn vectors =
                        new ColumnFill(VectorFilling.of(models, files, column), STEP_ROWS, listener).run(table);
                vectorCount += vectors.filledCount();
                emptyCount = Math.max(emptyCount, vectors.emptyCount());
                version = vectors.version();
            }
        }
        writer.catchUp();
        return new RefilledLibrary(metadataCount, vectorCount, emptyCount, version);
    }
}
