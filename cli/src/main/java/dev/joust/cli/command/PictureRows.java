// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

import dev.joust.cli.output.RowSink;
import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.pictures.Picture;
import dev.joust.pictures.PictureHit;
import dev.joust.pictures.PictureMetadata;

/// Pictures as rows: `id, path`, what is known of them, and `_distance` where they were searched for.
final class PictureRows {
    private static final LogicalType TEXT = new LogicalType.Utf8(false);
    private static final List<Field> NAMES = List.of(Field.nullable("id", TEXT), Field.nullable("path", TEXT));
    private static final List<Field> METADATA = List.of(
            Field.nullable("width", new LogicalType.Int(32, true)),
            Field.nullable("height", new LogicalType.Int(32, true)),
            Field.nullable("bytes", new LogicalType.Int(64, true)),
            Field.nullable("format", TEXT),
            Field.nullable("taken_at", new LogicalType.Timestamp(LogicalType.TimeUnit.MICROSECOND, null)),
            Field.nullable("camera", TEXT),
            Field.nullable("caption", TEXT),
            Field.nullable("tags", new LogicalType.List(false, false)).withChildren(List.of(Field.nullable("item", TEXT))));
    private static final Field DISTANCE = Field.nullable("_distance", new LogicalType.FloatingPoint(32));

    private PictureRows() {}

    /// @param withMetadata whether all is told that is known of them
    static void writeHits(
            List<PictureHit> hits, boolean withMetadata, OutputOptions output, Context context, ArrowMemory memory)
            throws IOException {
        List<Field> fields = new ArrayList<>(NAMES);
        if (withMetadata) {
            fields.addAll(METADATA);
        }
        fields.add(DISTANCE);
        List<Object[]> rows = new ArrayList<>();
        for (PictureHit hit : hits) {
            List<@Nullable Object> values = new ArrayList<>(List.of(hit.id(), hit.path()));
            if (withMetadata) {
                values.addAll(values(hit.metadata()));
            }
            values.add(hit.distance());
            rows.add(values.toArray());
        }
        write(new Schema(fields, java.util.Map.of()), rows, output, context, memory);
    }

    static void write(List<Picture> pictures, OutputOptions output, Context context, ArrowMemory memory)
            throws IOException {
        List<Field> fields = new ArrayList<>(NAMES);
        fields.addAll(METADATA);
        List<Object[]> rows = new ArrayList<>();
        for (Picture picture : pictures) {
            List<@Nullable Object> values = new ArrayList<>(List.of(picture.id(), picture.path()));
            values.addAll(values(picture.metadata()));
            rows.add(values.toArray());
        }
        write(new Schema(fields, java.util.Map.of()), rows, output, context, memory);
    }

    private static List<@Nullable Object> values(PictureMetadata metadata) {
        return Arrays.<@Nullable Object>asList(
                metadata.width(),
                metadata.height(),
                metadata.sizeBytes(),
                metadata.format(),
                metadata.takenAt(),
                metadata.camera(),
                metadata.caption(),
                metadata.tags());
    }

    private static void write(
            Schema schema, List<Object[]> rows, OutputOptions output, Context context, ArrowMemory memory)
            throws IOException {
        try (Batch batch = ColumnBuilder.batch(schema, rows, memory);
                VectorSchemaRoot vectors = ArrowBatches.toArrow(batch, memory.allocator());
                RowSink sink = output.open(context, schema, memory)) {
            sink.write(vectors);
            sink.finish();
        }
    }
}
