// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.pictures.PictureMetadata;

/// The columns of {@link PictureMetadata}, all nullable: tables that were made without them get them when they are
/// needed, and rows without them are as good as others. A column of such a name and of another kind is somebody else's,
/// and is left alone.
final class MetadataColumns {
    static final String WIDTH = "width";
    static final String HEIGHT = "height";
    static final String BYTES = "bytes";
    static final String FORMAT = "format";
    static final String TAKEN_AT = "taken_at";
    static final String CAMERA = "camera";
    static final String CAPTION = "caption";
    static final String TAGS = "tags";

    private static final LogicalType TEXT = new LogicalType.Utf8(false);

    static final List<Field> FIELDS = List.of(
            Field.nullable(WIDTH, new LogicalType.Int(32, true)),
            Field.nullable(HEIGHT, new LogicalType.Int(32, true)),
            Field.nullable(BYTES, new LogicalType.Int(64, true)),
            Field.nullable(FORMAT, TEXT),
            Field.nullable(TAKEN_AT, new LogicalType.Timestamp(LogicalType.TimeUnit.MICROSECOND, null)),
            Field.nullable(CAMERA, TEXT),
            Field.nullable(CAPTION, TEXT),
            Field.nullable(TAGS, new LogicalType.List(false, false)).withChildren(List.of(Field.nullable("item", TEXT))));

    private MetadataColumns() {}

    /// Those that a table has not, whatever it has of their names.
    static List<Field> missing(Schema table) {
        return FIELDS.stream().filter(field -> table.field(field.name()).isEmpty()).toList();
    }

    /// Those of a table that values can be written to and read from.
    static List<Field> usable(Schema table) {
        return FIELDS.stream()
                .map(wanted -> table.field(wanted.name()).filter(found -> isAlike(wanted, found)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static boolean isAlike(Field wanted, Field found) {
        return switch (wanted.type()) {
            case LogicalType.Utf8 _ -> found.type() instanceof LogicalType.Utf8;
            case LogicalType.Int(int bitWidth, boolean _) ->
                found.type() instanceof LogicalType.Int(int foundWidth, boolean _) && foundWidth >= bitWidth;
            case LogicalType.Timestamp _ -> found.type() instanceof LogicalType.Timestamp;
            case LogicalType.List _ -> found.type() instanceof LogicalType.List
                    && found.children().getFirst().type() instanceof LogicalType.Utf8;
            default -> false;
        };
    }

    static boolean isName(String column) {
        return FIELDS.stream().anyMatch(field -> field.name().equals(column));
    }

    /// Whether it is what a picture says about itself.
    static boolean isFact(String column) {
        return isName(column) && !column.equals(CAPTION) && !column.equals(TAGS);
    }

    /// What a row's column is to hold.
    static @Nullable Object value(PictureMetadata metadata, String column) {
        return switch (column) {
            case WIDTH -> metadata.width();
            case HEIGHT -> metadata.height();
            case BYTES -> metadata.sizeBytes();
            case FORMAT -> metadata.format();
            case TAKEN_AT -> metadata.takenAt();
            case CAMERA -> metadata.camera();
            case CAPTION -> metadata.caption();
            case TAGS -> metadata.tags().isEmpty() ? null : metadata.tags();
            default -> throw new IllegalArgumentException("no column of metadata: " + column);
        };
    }

    /// What a row's columns say; those that are not there say nothing.
    static PictureMetadata read(Map<String, @Nullable Object> row) {
        return new PictureMetadata(
                row.get(WIDTH) instanceof Number width ? Integer.valueOf(width.intValue()) : null,
                row.get(HEIGHT) instanceof Number height ? Integer.valueOf(height.intValue()) : null,
                row.get(BYTES) instanceof Number bytes ? Long.valueOf(bytes.longValue()) : null,
                row.get(FORMAT) instanceof String format ? format : null,
                time(row.get(TAKEN_AT)),
                row.get(CAMERA) instanceof String camera ? camera : null,
                row.get(CAPTION) instanceof String caption ? caption : null,
                row.get(TAGS) instanceof List<?> tags ? texts(tags) : List.of());
    }

    private static @Nullable LocalDateTime time(@Nullable Object value) {
        return switch (value) {
            case LocalDateTime time -> time;
            case Instant instant -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
            case null, default -> null;
        };
    }

    private static List<String> texts(List<?> values) {
        List<String> texts = new ArrayList<>(values.size());
        values.stream().filter(Objects::nonNull).forEach(value -> texts.add(value.toString()));
        return texts;
    }
}
