// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Dataset;
import dev.joust.pictures.PictureMetadata;

/// What pictures say about themselves, for rows that other programs wrote without it. Captions and tags are nobody's to
/// make up.
///
/// @param names of the columns
record MetadataFilling(ColumnModels models, PictureFiles files, List<String> names) implements Filling {
    /// Columns of facts that can be filled together: the files of a fragment hold either all of them or none.
    static List<List<String>> groups(Dataset dataset) {
        Map<List<String>, List<String>> byFiles = new LinkedHashMap<>();
        for (Field field : MetadataColumns.usable(dataset.schema())) {
            if (MetadataColumns.isFact(field.name())) {
                List<String> files = dataset.manifest().fragments().stream()
                        .map(fragment -> fragment.files().stream()
                                .filter(file -> file.columnIndexOf(field.id()) >= 0)
                                .map(DataFile::path)
                                .findFirst()
                                .orElse(""))
                        .toList();
                byFiles.computeIfAbsent(files, _ -> new ArrayList<>()).add(field.name());
            }
        }
        return List.copyOf(byFiles.values());
    }

    /// Whether a row that still lacks its mark has no picture that can be read: not every picture says when it was taken.
    boolean isSure() {
        return !Set.of(MetadataColumns.TAKEN_AT, MetadataColumns.CAMERA).contains(mark());
    }

    @Override
    public List<Field> columns(Schema table) {
        return MetadataColumns.usable(table).stream().filter(field -> names.contains(field.name())).toList();
    }

    /// The first, in the order of {@link MetadataColumns#FIELDS}, of which those come first that every picture tells.
    @Override
    public String mark() {
        return MetadataColumns.FIELDS.stream().map(Field::name).filter(names::contains).findFirst().orElseThrow();
    }

    @Override
    public String source() {
        return PictureTable.PATH;
    }

    @Override
    public int batchCount() {
        return models.main().pictureBatchCount();
    }

    @Override
    public List<Map<String, Object>> make(List<Row> rows, ExecutorService readers) throws IOException {
        return StoredPictures.read(
                        rows, readers, files, models.main().decoder(),
                        picture -> PictureMetadata.of(picture.facts(), null, List.of()))
                .stream()
                .map(MetadataFilling::values)
                .toList();
    }

    private static Map<String, Object> values(Optional<PictureMetadata> metadata) {
        Map<String, Object> values = new HashMap<>();
        for (Field field : MetadataColumns.FIELDS) {
            Object value = metadata.isEmpty() ? null : MetadataColumns.value(metadata.get(), field.name());
            if (value != null) {
                values.put(field.name(), value);
            }
        }
        return values;
    }
}
