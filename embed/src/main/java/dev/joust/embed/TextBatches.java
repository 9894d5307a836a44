// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.joust.embed.tokenize.Encoding;

/// Texts in batches of like length, since all of a batch are filled up to its longest.
final class TextBatches {
    private TextBatches() {}

    /// @param run one vector per text of a batch, in order
    /// @return one vector per text, in order
    static List<float[]> run(
            List<Encoding> texts, int batchCount, Function<List<Encoding>, List<float[]>> run) {
        List<Integer> byLength = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> texts.get(i).ids().length))
                .toList();
        float[][] vectors = new float[texts.size()][];
        for (int start = 0; start < vectors.length; start += batchCount) {
            List<Integer> batch = byLength.subList(start, Math.min(start + batchCount, vectors.length));
            List<float[]> found = run.apply(batch.stream().map(texts::get).toList());
            for (int i = 0; i < batch.size(); i++) {
                vectors[batch.get(i)] = found.get(i);
            }
        }
        return Arrays.asList(vectors);
    }
}
