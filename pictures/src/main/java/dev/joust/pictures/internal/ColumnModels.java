// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

import dev.joust.embed.ClipModel;
import dev.joust.embed.PreparedPicture;
import dev.joust.embed.SentenceModel;
import dev.joust.embed.TextModel;
import dev.joust.embed.image.Thumbnail;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.pictures.PictureMetadata;
import dev.joust.pictures.PictureUpload;

/// The models that are open, each with the column that its vectors go into: those of pictures by a {@link ClipModel},
/// those of captions by a {@link SentenceModel}. Thread-safe.
public final class ColumnModels {
    private static final int THUMBNAIL_EDGE = 320;
    /// Prompts that sentence models may have.
    private static final String QUERY = "query";
    private static final String DOCUMENT = "document";

    /// Of vectors of words that were looked for.
    private static final long QUERY_CACHE_BYTES = 8L << 20;

    private record Asked(String column, String words) {}

    private final Cache<Asked, float[]> queries = Caffeine.newBuilder()
            .maximumWeight(QUERY_CACHE_BYTES)
            .weigher((Asked asked, float[] vector) -> 100 + 2 * asked.words().length() + Float.BYTES * vector.length)
            .build();
    private final ClipModel main;
    private final Map<String, TextModel> byColumn = new ConcurrentHashMap<>();

    /// @param main of the column {@link PictureTable#VECTOR}
    public ColumnModels(ClipModel main, Map<String, TextModel> others) {
        this.main = main;
        byColumn.putAll(others);
        byColumn.put(PictureTable.VECTOR, main);
    }

    public ClipModel main() {
        return main;
    }

    public Optional<TextModel> of(String column) {
        return Optional.ofNullable(byColumn.get(column));
    }

    public Map<String, TextModel> byColumn() {
        return Map.copyOf(byColumn);
    }

    /// Refuses columns of a table that were made by other models than those that are open.
    ///
    /// @throws IllegalArgumentException naming column and model
    void check(Schema table) {
        byColumn.forEach((column, model) -> table.field(column).ifPresent(field -> check(field, model)));
    }

    private static void check(Field field, TextModel model) {
        int found = PictureTable.vectorLength(field);
        if (found != model.dimension()) {
            throw new IllegalArgumentException("column '" + field.name() + "' holds "
                    + (found == 0 ? "no vectors" : "vectors of " + found + " floats") + ", the model gives "
                    + model.dimension());
        }
        if (ModelMark.read(field).isPresent()) {
            ModelMark.of(model).check(field);
        }
    }

    /// From here on rows get vectors of that column.
    public void put(String column, TextModel model) {
        byColumn.put(column, model);
    }

    /// Decodes a picture, once for everything that needs its pixels.
    ///
    /// @throws dev.joust.embed.image.PictureException if the bytes are not taken as a picture
    public ReadPicture read(PictureUpload upload) {
        return main.decoder().decodeToKeep(upload.bytes(), decoded -> {
            Map<String, PreparedPicture> prepared = new HashMap<>();
            byColumn.forEach((column, model) -> {
                if (model instanceof ClipModel clip) {
                    prepared.put(column, clip.prepare(decoded.pixels()));
                }
            });
            return new ReadPicture(
                    PictureMetadata.of(decoded.facts(), upload.caption(), upload.tags()),
                    Thumbnail.jpeg(decoded.pixels(), THUMBNAIL_EDGE),
                    prepared);
        });
    }

    /// A picture's thumbnail.
    public byte[] thumbnail(byte[] encoded) {
        return main.decoder().decode(encoded, decoded -> Thumbnail.jpeg(decoded.pixels(), THUMBNAIL_EDGE));
    }

    /// The vectors of pictures, by column. There is none of a caption that is not there.
    public List<Map<String, float[]>> embed(List<ReadPicture> pictures) {
        List<Map<String, float[]>> vectors = new ArrayList<>(pictures.size());
        pictures.forEach(_ -> vectors.add(new HashMap<>()));
        byColumn.forEach((column, model) -> {
            switch (model) {
                case ClipModel clip -> embedPictures(column, clip, pictures, vectors);
                case SentenceModel sentences -> embedCaptions(column, sentences, pictures, vectors);
            }
        });
        return vectors;
    }

    private static void embedPictures(
            String column, ClipModel model, List<ReadPicture> pictures, List<Map<String, float[]>> vectors) {
        List<Integer> rows = new ArrayList<>();
        List<PreparedPicture> prepared = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            // A model that came while the picture was read gets it with the others that are there already
            PreparedPicture picture = pictures.get(i).prepared().get(column);
            if (picture != null) {
                rows.add(i);
                prepared.add(picture);
            }
        }
        put(column, rows, model.embedPrepared(prepared), vectors);
    }

    private static void embedCaptions(
            String column, SentenceModel model, List<ReadPicture> pictures, List<Map<String, float[]>> vectors) {
        List<Integer> rows = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            @Nullable String caption = pictures.get(i).metadata().caption();
            if (caption != null) {
                rows.add(i);
                captions.add(caption);
            }
        }
        put(column, rows, unitVectors(model, captions, DOCUMENT), vectors);
    }

    /// The vectors of captions.
    List<float[]> embedCaptions(String column, List<String> captions) {
        return unitVectors(model(column), captions, DOCUMENT);
    }

    /// The vector of what somebody looks for in a column.
    float[] embedWords(String column, String words) {
        TextModel model = model(column);
        return queries.get(new Asked(column, words), _ -> unitVectors(model, List.of(words), QUERY).getFirst()).clone();
    }

    /// @throws IllegalArgumentException if none is open for that column
    TextModel model(String column) {
        return of(column).orElseThrow(
                () -> new IllegalArgumentException("no model is open for column '" + column + "'"));
    }

    /// By the prompt for that purpose, where the model has one; of length 1, whatever the model does.
    private static List<float[]> unitVectors(TextModel model, List<String> texts, String purpose) {
        return switch (model) {
            case ClipModel clip -> clip.embed(texts);
            case SentenceModel sentences -> {
                List<float[]> vectors = sentences.promptNames().contains(purpose)
                        ? sentences.embed(texts, purpose) : sentences.embed(texts);
                yield sentences.isNormalized() ? vectors : vectors.stream().map(UnitVectors::of).toList();
            }
        };
    }

    /// Says something else about a picture, and makes the vectors that depend on it.
    ///
    /// @param row all columns of its row, by name; changed
    public void edit(Map<String, @Nullable Object> row, @Nullable String caption, List<String> tags) {
        row.put(MetadataColumns.CAPTION, caption);
        row.put(MetadataColumns.TAGS, tags.isEmpty() ? null : tags);
        byColumn.forEach((column, model) -> {
            if (model instanceof SentenceModel && row.containsKey(column)) {
                row.put(column, caption == null ? null : embedCaptions(column, List.of(caption)).getFirst());
            }
        });
    }

    private static void put(
            String column, List<Integer> rows, List<float[]> made, List<Map<String, float[]>> vectors) {
        for (int i = 0; i < rows.size(); i++) {
            vectors.get(rows.get(i)).put(column, made.get(i));
        }
    }
}
