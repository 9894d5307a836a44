// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.index;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.json.JsonFields;
import dev.joust.format.internal.json.JsonParser;
import dev.joust.format.internal.json.JsonValue;
import dev.joust.format.internal.json.JsonWriter;
import dev.joust.io.ObjectPath;

/// What `index.idx` says about the graph of one partition (spec: index format B.8).
///
/// @param entryPoint   node to start from
/// @param levelOffsets first row of each level among the partition's rows, and their end
@SuppressWarnings("ArrayRecordComponent") // read once, held by one
public record HnswMetadata(int entryPoint, int maxLevel, int maxConnections, int constructionEf, int[] levelOffsets) {
    private static final String STRUCTURE = "graph of a partition";

    /// @throws CorruptFileException if the text says something else
    public static HnswMetadata parse(ObjectPath file, String text) {
        if (!(JsonParser.parse(file, STRUCTURE, text) instanceof JsonValue.Obj object)) {
            throw new CorruptFileException(file, 0, STRUCTURE, "is no JSON object");
        }
        JsonFields fields = new JsonFields(file, STRUCTURE, object);
        JsonFields parameters = fields.object("params").orElseThrow(() -> fields.bad("'params' is missing"));
        long[] offsets = fields.numbers("level_offsets");
        int[] levelOffsets = new int[offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] < (i == 0 ? 0 : offsets[i - 1]) || offsets[i] > Integer.MAX_VALUE) {
                throw fields.bad("'level_offsets' do not ascend");
            }
            levelOffsets[i] = (int) offsets[i];
        }
        return new HnswMetadata(
                fields.requiredCount("entry_point"),
                parameters.requiredCount("max_level"),
                parameters.requiredCount("m"),
                parameters.requiredCount("ef_construction"),
                levelOffsets);
    }

    public String toJson() {
        Map<String, JsonValue> parameters = new LinkedHashMap<>();
        parameters.put("max_level", JsonValue.of(maxLevel));
        parameters.put("m", JsonValue.of(maxConnections));
        parameters.put("ef_construction", JsonValue.of(constructionEf));
        parameters.put("prefetch_distance", JsonValue.of(2));
        List<JsonValue> offsets = IntStream.of(levelOffsets).mapToObj(offset -> JsonValue.of(offset)).toList();
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("entry_point", JsonValue.of(entryPoint));
        members.put("params", new JsonValue.Obj(parameters));
        members.put("level_offsets", new JsonValue.Array(offsets));
        return JsonWriter.toLine(new JsonValue.Obj(members));
    }
}
