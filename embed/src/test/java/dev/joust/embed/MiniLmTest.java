// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A model that people have, as a published jar carries it; `make_minilm.py` says what the reference stack makes of it.
/// Runs where `.ci/install-minilm` (for `fp32` with `--full`) was run before.
class MiniLmTest {
    /// Integer kernels differ between processors: there each vector points where that of the reference does.
    @ParameterizedTest
    @CsvSource({"fp32, model.onnx, 1e-4", "quantized, model_quantized.onnx, 1"})
    void vectorsEqualThoseOfTheReference(String variant, String file, double tolerance) throws IOException {
        assumeTrue(Files.exists(MiniLm.folder().resolve("onnx").resolve(file)), "run .ci/install-minilm --full");
        JsonNode golden = new ObjectMapper().readTree(Golden.unpacked("minilm.json.gz"));
        List<String> texts = new ArrayList<>();
        golden.forEach(node -> texts.add(node.path("text").asText()));
        double worst = 0;
        double worstCosine = 1;
        try (SentenceModel model = SentenceModel.open(MiniLm.folder(), ModelOptions.DEFAULT.withVariant(variant))) {
            assertEquals(384, model.dimension());
            assertEquals(128, model.maxTokenCount());
            for (int i = 0; i < texts.size(); i++) {
                float[] vector = model.embedText(texts.get(i));
                double cosine = 0;
                for (int k = 0; k < vector.length; k++) {
                    double expected = golden.get(i).path(variant).get(k).asDouble();
                    worst = Math.max(worst, Math.abs(expected - vector[k]));
                    cosine += expected * vector[k];
                }
                worstCosine = Math.min(worstCosine, cosine);
            }
        }
        assertEquals(20, texts.size());
        assertTrue(worst <= tolerance, "a component differs by " + worst);
        assertTrue(worstCosine >= 0.98, "a cosine is " + worstCosine);
    }

    @Test
    void whatMeansTheSameIsNearest() {
        assumeTrue(Files.exists(MiniLm.folder().resolve("onnx/model_quantized.onnx")), "run .ci/install-minilm");
        try (SentenceModel model = SentenceModel.open(MiniLm.folder())) {
            List<float[]> vectors = model.embed(List.of(
                    "How do I change my password?", "I cannot log in any more, my password is lost",
                    "A bicycle leans against a wall", "The weather will be fine tomorrow"));
            double same = dot(vectors.get(0), vectors.get(1));
            assertTrue(same > dot(vectors.get(0), vectors.get(2)) + 0.2);
            assertTrue(same > dot(vectors.get(0), vectors.get(3)) + 0.2);
        }
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
