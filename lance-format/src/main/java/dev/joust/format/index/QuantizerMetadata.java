// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.index;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.index.IvfPartitionsCodec;
import dev.joust.format.internal.json.JsonFields;
import dev.joust.format.internal.json.JsonParser;
import dev.joust.format.internal.json.JsonValue;
import dev.joust.format.internal.json.JsonWriter;
import dev.joust.io.ObjectPath;

/// How the vectors of an index are stored: the one text in `storage_metadata` of `auxiliary.idx`
/// (spec: index format B.1).
public sealed interface QuantizerMetadata {
    int dimension();

    /// Vectors as they are.
    record Flat(int dimension) implements QuantizerMetadata {}

    /// A byte per value: 0 is `lower`, 255 is `upper`.
    record Scalar(int dimension, int bitCount, double lower, double upper) implements QuantizerMetadata {}

    /// A code per sub-vector.
    ///
    /// @param codebookBuffer global buffer of the codebook
    /// @param transposed     whether the codes of a partition are stored column by column
    record Product(int dimension, int bitCount, int subVectorCount, int codebookBuffer, boolean transposed)
            implements QuantizerMetadata {}

    /// RaBitQ codes.
    ///
    /// @param signs        of the fast rotation; empty where it is a matrix
    /// @param matrixBuffer global buffer of the matrix, 0 where there is none
    /// @param packed       whether codes of a partition are stored in groups of 32 rows
    /// @param rawQuery     whether distances are estimated from the query itself rather than from its residual
    @SuppressWarnings("ArrayRecordComponent") // read once, held by one
    record Rabit(int dimension, int bitCount, byte[] signs, int matrixBuffer, boolean packed, boolean rawQuery)
            implements QuantizerMetadata {}

    /// Reads the text.
    ///
    /// @param kind of the index: `IVF_PQ`
    static QuantizerMetadata parse(ObjectPath file, String kind, String text) {
        if (!(JsonParser.parse(file, "storage metadata", text) instanceof JsonValue.Obj object)) {
            throw new CorruptFileException(file, 0, "storage metadata", "is no JSON object");
        }
        JsonFields fields = new JsonFields(file, "storage metadata", object);
        return switch (kind.substring(kind.lastIndexOf('_') + 1)) {
            case "FLAT" -> new Flat(fields.requiredCount("dim"));
            case "SQ" -> {
                JsonFields bounds = fields.object("bounds").orElseThrow(() -> fields.bad("'bounds' is missing"));
                yield new Scalar(
                        fields.requiredCount("dim"),
                        fields.requiredCount("num_bits"),
                        bounds.requiredReal("start"),
                        bounds.requiredReal("end"));
            }
            case "PQ" -> new Product(
                    fields.requiredCount("dimension"),
                    fields.requiredCount("nbits"),
                    fields.requiredCount("num_sub_vectors"),
                    fields.requiredCount("codebook_position"),
                    fields.flag("transposed"));
            case "RQ" -> rabit(fields);
            default -> throw new UnsupportedFormatException(file + ": index kind " + kind);
        };
    }

    private static Rabit rabit(JsonFields fields) {
        boolean isMatrix = fields.text("rotation_type").orElse("matrix").equals("matrix");
        long[] numbers = fields.numbers("fast_rotation_signs");
        byte[] signs = new byte[isMatrix ? 0 : numbers.length];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = (byte) numbers[i];
        }
        return new Rabit(
                fields.requiredCount("code_dim"),
                fields.requiredCount("num_bits"),
                signs,
                isMatrix ? fields.requiredCount("rotate_mat_position") : 0,
                fields.flag("packed"),
                fields.text("query_estimator").orElse("residual_query").equals("raw_query"));
    }

    /// The text, as the reference's readers know it.
    default String toJson() {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        switch (this) {
            case Flat(int dimension) -> members.put("dim", JsonValue.of(dimension));
            case Scalar(int dimension, int bitCount, double lower, double upper) -> {
                members.put("dim", JsonValue.of(dimension));
                members.put("num_bits", JsonValue.of(bitCount));
                Map<String, JsonValue> bounds = new LinkedHashMap<>();
                bounds.put("start", new JsonValue.Num(Double.toString(lower)));
                bounds.put("end", new JsonValue.Num(Double.toString(upper)));
                members.put("bounds", new JsonValue.Obj(bounds));
            }
            case Product(int dimension, int bitCount, int subVectorCount, int codebookBuffer, boolean transposed) -> {
                members.put("codebook_position", JsonValue.of(codebookBuffer));
                members.put("nbits", JsonValue.of(bitCount));
                members.put("num_sub_vectors", JsonValue.of(subVectorCount));
                members.put("dimension", JsonValue.of(dimension));
                members.put("codebook_tensor", new JsonValue.Array(List.of()));
                members.put("transposed", new JsonValue.Bool(transposed));
            }
            case Rabit rabit -> {
                boolean isMatrix = rabit.matrixBuffer > 0;
                List<JsonValue> signs = new ArrayList<>();
                for (byte sign : rabit.signs) {
                    signs.add(JsonValue.of(Byte.toUnsignedInt(sign)));
                }
                members.put("rotate_mat_position", isMatrix ? JsonValue.of(rabit.matrixBuffer) : JsonValue.NULL);
                members.put("fast_rotation_signs", isMatrix ? JsonValue.NULL : new JsonValue.Array(signs));
                members.put("rotation_type", new JsonValue.Text(isMatrix ? "matrix" : "fast"));
                members.put("code_dim", JsonValue.of(rabit.dimension));
                members.put("num_bits", JsonValue.of(rabit.bitCount));
                members.put("packed", new JsonValue.Bool(rabit.packed));
                members.put("query_estimator", new JsonValue.Text(rabit.rawQuery ? "raw_query" : "residual_query"));
            }
        }
        return JsonWriter.toLine(new JsonValue.Obj(members));
    }

    /// A codebook or rotation, from its global buffer.
    static Tensor tensor(ObjectPath file, byte[] buffer) {
        return IvfPartitionsCodec.parseTensor(file, 0, buffer);
    }

    /// The buffer that holds a codebook or rotation.
    static byte[] tensorBuffer(Tensor tensor) {
        return IvfPartitionsCodec.tensorToBytes(tensor);
    }
}
