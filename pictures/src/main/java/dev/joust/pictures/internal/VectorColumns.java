// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import dev.joust.embed.TextModel;
import dev.joust.format.CommitConflictException;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.pictures.FillListener;
import dev.joust.pictures.FilledColumn;
import dev.joust.pictures.VectorColumnInfo;
import dev.joust.search.Table;

/// The columns of vectors beside the first. Thread-safe.
public final class VectorColumns {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");
    private static final Set<String> TAKEN = Set.of(PictureTable.ID, PictureTable.PATH, PictureTable.VECTOR);
    private static final int STEP_ROWS = 4096;
    private static final int MAX_ATTEMPTS = 10;

    private final ColumnModels models;
    private final PictureFiles files;
    private final PictureWriter writer;

    public VectorColumns(ColumnModels models, PictureFiles files, PictureWriter writer) {
        this.models = models;
        this.files = files;
        this.writer = writer;
    }

    /// Adds a column unless it is there, and gives rows without a vector theirs.
    ///
    /// @throws IllegalArgumentException if there is no table, the name is taken, or the column is of another model
    public FilledColumn add(String column, TextModel model, FillListener listener) throws IOException {
        if (!NAME.matcher(column).matches() || TAKEN.contains(column) || MetadataColumns.isName(column)) {
            throw new IllegalArgumentException(
                    "'" + column + "' cannot be a column of vectors: letters, digits and '_', and none of the table's own");
        }
        Table table = writer.latest().orElseThrow(
                () -> new IllegalArgumentException("there is no table of pictures yet: add some first"));
        ModelMark mark = ModelMark.of(model);
        Optional<Field> present = table.schema().field(column);
        if (present.isPresent()) {
            check(present.get(), model, mark);
        } else {
            Field field = PictureTable.vectorField(column, model.dimension()).withMetadata(mark.toMetadata());
            addNull(table, field, model, mark);
        }
        models.put(column, model);
        FilledColumn filled = new ColumnFill(VectorFilling.of(models, files, column), STEP_ROWS, listener)
                .run(table);
        writer.catchUp();
        return filled;
    }

    private static void addNull(Table table, Field field, TextModel model, ModelMark mark) {
        for (int attempt = 0; ; attempt++) {
            try {
                table.addColumns(new Schema(List.of(field), Map.of()));
                return;
            } catch (IllegalArgumentException | CommitConflictException e) {
                // Somebody else may have been quicker, with this column or another
                Optional<Field> theirs = table.refresh().schema().field(field.name());
                if (theirs.isPresent()) {
                    check(theirs.get(), model, mark);
                    return;
                }
                if (e instanceof IllegalArgumentException || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static void check(Field field, TextModel model, ModelMark mark) {
        if (PictureTable.vectorLength(field) != model.dimension()) {
            throw new IllegalArgumentException("column '" + field.name() + "' is there and holds no vectors of "
                    + model.dimension() + " floats");
        }
        mark.check(field);
    }

    /// All of them, in the order of the table.
    public List<VectorColumnInfo> list() {
        return writer.latest().stream()
                .flatMap(table -> PictureTable.vectorColumns(table.schema()).stream())
                .map(this::info)
                .toList();
    }

    private VectorColumnInfo info(Field field) {
        Optional<ModelMark> mark = ModelMark.read(field);
        Optional<TextModel> open = models.of(field.name());
        VectorColumnInfo.Source source = mark.map(ModelMark::source)
                .or(() -> open.map(ModelMark::sourceOf))
                .orElse(VectorColumnInfo.Source.PICTURE);
        return new VectorColumnInfo(
                field.name(),
                source,
                PictureTable.vectorLength(field),
                mark.map(ModelMark::model).orElse(null),
                open.isPresent());
    }
}
