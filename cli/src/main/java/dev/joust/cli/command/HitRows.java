// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

import dev.joust.cli.output.RowSink;
import dev.joust.cli.output.RowSinks;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.pictures.PictureHit;

/// Pictures found, as rows of `id, path, _distance`.
final class HitRows {
    private static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("id", new ArrowType.Utf8()),
            Field.nullable("path", new ArrowType.Utf8()),
            Field.nullable("_distance", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE))));

    private HitRows() {}

    static void write(List<PictureHit> hits, OutputOptions output, Context context, ArrowMemory memory)
            throws IOException {
        try (VectorSchemaRoot rows = VectorSchemaRoot.create(SCHEMA, memory.allocator());
                RowSink sink = output.open(context, RowSinks.RowType.plain(SCHEMA), memory)) {
            VarCharVector ids = (VarCharVector) rows.getVector("id");
            VarCharVector paths = (VarCharVector) rows.getVector("path");
            Float4Vector distances = (Float4Vector) rows.getVector("_distance");
            for (int row = 0; row < hits.size(); row++) {
                ids.setSafe(row, hits.get(row).id().getBytes(StandardCharsets.UTF_8));
                paths.setSafe(row, hits.get(row).path().getBytes(StandardCharsets.UTF_8));
                distances.setSafe(row, hits.get(row).distance());
            }
            rows.setRowCount(hits.size());
            sink.write(rows);
            sink.finish();
        }
    }
}
