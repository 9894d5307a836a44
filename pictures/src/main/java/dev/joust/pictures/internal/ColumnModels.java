// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.ClipModel;
import dev.joust.embed.PreparedPicture;
import dev.joust.embed.SentenceModel;
import dev.joust.embed.TextModel;
import dev.joust.embed.image.Thumbnail;
import dev.joust.pictures.PictureMetadata;
import dev.joust.pictures.PictureUpload;

/// The models that are open, each with the column that its vectors go into: those of pictures by a {@link ClipModel},
/// those of captions by a {@link SentenceModel}. Thread-safe.
public final class ColumnModels {
    private static final int THUMBNAIL_EDGE = 320;

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

    /// From here on rows get vectors of that column.
    public void put(String column, TextModel model) {
        byColumn.put(column, model);
    }

    /// Decodes a picture, once for everything that needs its pixels.
    ///
    /// @throws dev.joust.embed.image.PictureException if the bytes are not taken as a picture
    public ReadPicture read(PictureUpload upload) {
        return main.decoder().decode(upload.bytes(), decoded -> {
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
        put(column, rows, model.embed(captions), vectors);
    }

    /// Says something else about a picture, and makes the vectors that depend on it.
    ///
    /// @param row all columns of its row, by name; changed
    public void edit(Map<String, @Nullable Object> row, @Nullable String caption, List<String> tags) {
        row.put(MetadataColumns.CAPTION, caption);
        row.put(MetadataColumns.TAGS, tags.isEmpty() ? null : tags);
        byColumn.forEach((column, model) -> {
            if (model instanceof SentenceModel sentences && row.containsKey(column)) {
                row.put(column, caption == null ? null : sentences.embedText(caption));
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
