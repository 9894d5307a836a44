// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;

import dev.joust.embed.tokenize.Encoding;

/// A graph that takes texts: how token ids become its tensors. Thread-safe.
public final class TextTower {
    public static final String INPUT_IDS = "input_ids";
    private static final String ATTENTION_MASK = "attention_mask";
    private static final String TOKEN_TYPE_IDS = "token_type_ids";
    private static final String POSITION_IDS = "position_ids";
    /// The inputs it knows how to fill.
    public static final Set<String> INPUTS = Set.of(INPUT_IDS, ATTENTION_MASK, TOKEN_TYPE_IDS, POSITION_IDS);

    private final OnnxGraph graph;
    private final String output;
    private final Filling filling;

    /// How texts are brought to one length.
    ///
    /// @param tokenId     what short ones are filled up with; negative: each with its own last token
    /// @param typeId      its type
    /// @param fromLeft    whether it stands before the text
    /// @param length      the length of all, or 0 for that of the longest
    /// @param isAttended  whether the model is to look at it: the mask is all ones
    public record Filling(int tokenId, int typeId, boolean fromLeft, int length, boolean isAttended) {}

    public TextTower(OnnxGraph graph, String output, Filling filling) {
        this.graph = graph;
        this.output = output;
        this.filling = filling;
    }

    /// The most texts that a run may have, at most `most`.
    public int batchCount(int most) {
        return graph.axisLength(INPUT_IDS, 0, most);
    }

    /// What the graph gives for each, and the mask it was given: `attended[text][token]`.
    public record Result(FloatTensor tensor, int[][] attended) {}

    /// @param texts at least one and at most {@link #batchCount}; a graph that insists on more gets the last again
    /// @param others further inputs
    public Result run(List<Encoding> texts, OnnxGraph.Inputs others) {
        Batch batch = batch(texts);
        FloatTensor tensor = graph.run(output, tensors -> {
            put(batch, tensors);
            others.create(tensors);
        });
        int[][] attended = new int[texts.size()][];
        for (int row = 0; row < attended.length; row++) {
            attended[row] = Arrays.stream(batch.mask, row * batch.length, (row + 1) * batch.length)
                    .mapToInt(Math::toIntExact)
                    .toArray();
        }
        return new Result(tensor, attended);
    }

    /// Puts the tensors of texts among those of another run of the same graph.
    public void put(List<Encoding> texts, Map<String, OnnxTensor> tensors) throws OrtException {
        put(batch(texts), tensors);
    }

    /// `long[rowCount * length]`, row-major.
    private record Batch(int rowCount, int length, long[] ids, long[] mask, long[] types, long[] positions) {}

    private Batch batch(List<Encoding> texts) {
        int rowCount = graph.axisLength(INPUT_IDS, 0, texts.size());
        int longest = texts.stream().mapToInt(text -> text.ids().length).max().orElseThrow();
        int length = graph.axisLength(INPUT_IDS, 1, Math.max(1, Math.max(longest, filling.length)));
        long[] ids = new long[rowCount * length];
        long[] mask = new long[ids.length];
        long[] types = new long[ids.length];
        long[] positions = new long[ids.length];
        for (int row = 0; row < rowCount; row++) {
            Encoding text = texts.get(Math.min(row, texts.size() - 1));
            int count = text.ids().length;
            int start = filling.fromLeft ? length - count : 0;
            int filler = filling.tokenId >= 0 ? filling.tokenId : count == 0 ? 0 : text.ids()[count - 1];
            for (int i = 0; i < length; i++) {
                int at = row * length + i;
                boolean isText = i >= start && i < start + count;
                ids[at] = isText ? text.ids()[i - start] : filler;
                // Of a text without tokens too something must be looked at: attention over nothing is no number
                mask[at] = isText || filling.isAttended || (count == 0 && i == 0) ? 1 : 0;
                types[at] = isText ? text.typeIds()[i - start] : filling.typeId;
                positions[at] = Math.max(0, i - start);
            }
        }
        return new Batch(rowCount, length, ids, mask, types, positions);
    }

    private void put(Batch batch, Map<String, OnnxTensor> tensors) throws OrtException {
        put(INPUT_IDS, batch.ids, batch, tensors);
        put(ATTENTION_MASK, batch.mask, batch, tensors);
        put(TOKEN_TYPE_IDS, batch.types, batch, tensors);
        put(POSITION_IDS, batch.positions, batch, tensors);
    }

    private void put(String input, long[] values, Batch batch, Map<String, OnnxTensor> tensors) throws OrtException {
        if (graph.hasInput(input)) {
            tensors.put(input, graph.integers(input, values, batch.rowCount, batch.length));
        }
    }
}
