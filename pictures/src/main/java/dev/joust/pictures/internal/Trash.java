// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.pictures.DeletedPicture;
import dev.joust.pictures.Picture;
import dev.joust.pictures.PictureMetadata;
import dev.joust.pictures.PictureName;

/// Pictures that were deleted, so that they can come back:
///
///     trash/{sha256}.{ext}        the bytes
///     trash/{sha256}.{ext}.json   what the row said, when it was deleted, and the last version that has it
///
/// They stay when a picture comes back, by whatever way; who looks for deleted ones has to ask the table as well.
/// Thread-safe.
public final class Trash {
    private static final ObjectPath FOLDER = ObjectPath.of("trash");
    private static final String DESCRIPTION = ".json";
    private static final int MAX_DESCRIPTION_BYTES = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store;

    public Trash(ObjectStore store) {
        this.store = store;
    }

    private static ObjectPath bytesPath(PictureName name) {
        return FOLDER.resolve(name.value());
    }

    private static ObjectPath descriptionPath(PictureName name) {
        return FOLDER.resolve(name.value() + DESCRIPTION);
    }

    /// Keeps a picture, to be called before it is deleted.
    ///
    /// @param encoded null where its bytes have gone already
    public void keep(PictureName name, DeletedPicture deleted, byte @Nullable [] encoded) throws IOException {
        if (encoded != null) {
            store.putIfAbsent(bytesPath(name), encoded);
        }
        store.put(descriptionPath(name), JSON.writeValueAsBytes(toJson(deleted)));
    }

    /// The bytes of a picture that is kept here.
    public Optional<byte[]> read(PictureName name) throws IOException {
        return readAll(bytesPath(name), PictureFiles.MAX_PICTURE_BYTES);
    }

    /// What is known of a picture that is kept here; empty also where that cannot be read.
    public Optional<DeletedPicture> find(PictureName name) throws IOException {
        Optional<byte[]> description = readAll(descriptionPath(name), MAX_DESCRIPTION_BYTES);
        try {
            return description.isEmpty() ? Optional.empty() : Optional.of(parse(name, description.get()));
        } catch (JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private Optional<byte[]> readAll(ObjectPath path, int maxBytes) throws IOException {
        try {
            return Optional.of(store.readAll(path, maxBytes));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// The names of all that is kept here.
    public List<PictureName> names() throws IOException {
        return store.listNames(FOLDER).stream()
                .filter(name -> name.endsWith(DESCRIPTION))
                .map(name -> PictureName.parse(name.substring(0, name.length() - DESCRIPTION.length())))
                .flatMap(Optional::stream)
                .toList();
    }

    /// All that is kept here, also what has lost its description, and when the last of it was written.
    Map<PictureName, Instant> writtenAt() throws IOException {
        Map<PictureName, Instant> written = new LinkedHashMap<>();
        for (ObjectMeta file : store.list(FOLDER)) {
            String path = file.path().value().substring(FOLDER.value().length() + 1);
            String name = path.endsWith(DESCRIPTION) ? path.substring(0, path.length() - DESCRIPTION.length()) : path;
            PictureName.parse(name).ifPresent(parsed -> written.merge(
                    parsed, file.lastModified(), (one, other) -> one.isAfter(other) ? one : other));
        }
        return written;
    }

    /// Lets a picture go for good.
    public void purge(PictureName name) throws IOException {
        store.delete(descriptionPath(name));
        store.delete(bytesPath(name));
    }

    private static ObjectNode toJson(DeletedPicture deleted) {
        PictureMetadata metadata = deleted.picture().metadata();
        ObjectNode json = JSON.createObjectNode();
        json.put("id", deleted.picture().id());
        json.put("path", deleted.picture().path());
        json.put("deleted_at", deleted.deletedAt().toString());
        json.put("version", deleted.version());
        json.put(MetadataColumns.WIDTH, metadata.width());
        json.put(MetadataColumns.HEIGHT, metadata.height());
        json.put(MetadataColumns.BYTES, metadata.sizeBytes());
        json.put(MetadataColumns.FORMAT, metadata.format());
        json.put(MetadataColumns.TAKEN_AT, metadata.takenAt() == null ? null : metadata.takenAt().toString());
        json.put(MetadataColumns.CAMERA, metadata.camera());
        json.put(MetadataColumns.CAPTION, metadata.caption());
        ArrayNode tags = json.putArray(MetadataColumns.TAGS);
        metadata.tags().forEach(tags::add);
        return json;
    }

    private static DeletedPicture parse(PictureName name, byte[] description) throws IOException {
        JsonNode json = JSON.readTree(description);
        List<String> tags = new ArrayList<>();
        json.path(MetadataColumns.TAGS).forEach(tag -> tags.add(tag.asText()));
        String takenAt = text(json, MetadataColumns.TAKEN_AT);
        PictureMetadata metadata = new PictureMetadata(
                json.path(MetadataColumns.WIDTH).isInt() ? json.path(MetadataColumns.WIDTH).asInt() : null,
                json.path(MetadataColumns.HEIGHT).isInt() ? json.path(MetadataColumns.HEIGHT).asInt() : null,
                json.path(MetadataColumns.BYTES).isIntegralNumber() ? json.path(MetadataColumns.BYTES).asLong() : null,
                text(json, MetadataColumns.FORMAT),
                takenAt == null ? null : LocalDateTime.parse(takenAt),
                text(json, MetadataColumns.CAMERA),
                text(json, MetadataColumns.CAPTION),
                tags);
        return new DeletedPicture(
                new Picture(name.id(), json.path("path").asText(), metadata),
                Instant.parse(json.path("deleted_at").asText()),
                json.path("version").asLong());
    }

    private static @Nullable String text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        return value.isTextual() ? value.asText() : null;
    }
}
