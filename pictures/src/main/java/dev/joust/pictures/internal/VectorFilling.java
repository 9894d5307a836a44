// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

import dev.joust.embed.ClipModel;
import dev.joust.embed.PreparedPicture;
import dev.joust.embed.SentenceModel;
import dev.joust.embed.TextModel;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// Vectors by the model of a column.
record VectorFilling(ColumnModels models, PictureFiles files, String column, TextModel model) implements Filling {
    /// @throws IllegalArgumentException if no model is open for that column
    static VectorFilling of(ColumnModels models, PictureFiles files, String column) {
        return new VectorFilling(models, files, column, models.model(column));
    }

    @Override
    public List<Field> columns(Schema table) {
        return List.of(PictureTable.vectorField(column, model.dimension()));
    }

    @Override
    public String mark() {
        return column;
    }

    @Override
    public String source() {
        return model instanceof SentenceModel ? MetadataColumns.CAPTION : PictureTable.PATH;
    }

    @Override
    public int batchCount() {
        return models.main().pictureBatchCount();
    }

    @Override
    public List<Map<String, Object>> make(List<Row> rows, ExecutorService readers) throws IOException {
        return switch (model) {
            case SentenceModel _ -> values(models.embedCaptions(column, rows.stream().map(Row::source).toList()));
            case ClipModel clip -> make(clip, rows, readers);
        };
    }

    private List<Map<String, Object>> make(ClipModel clip, List<Row> rows, ExecutorService readers) throws IOException {
        List<Optional<PreparedPicture>> prepared = StoredPictures.read(
                rows, readers, files, clip.decoder(), picture -> clip.prepare(picture.pixels()));
        List<Map<String, Object>> made =
                values(clip.embedPrepared(prepared.stream().flatMap(Optional::stream).toList()));
        List<Map<String, Object>> ofRows = new ArrayList<>(rows.size());
        int next = 0;
        for (Optional<PreparedPicture> picture : prepared) {
            ofRows.add(picture.isPresent() ? made.get(next++) : Map.of());
        }
        return ofRows;
    }

    private List<Map<String, Object>> values(List<float[]> vectors) {
        return vectors.stream().map(vector -> Map.<String, Object>of(column, vector)).toList();
    }
}
