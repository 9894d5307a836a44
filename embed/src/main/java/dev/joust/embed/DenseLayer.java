// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import com.fasterxml.jackson.databind.JsonNode;

import dev.joust.embed.internal.Safetensors;

/// A step behind the pooling, of sentence-transformers' type `Dense`: a vector times a matrix, plus another vector, each
/// element through a function.
///
/// @param weights    `float[outputCount * inputCount]`, row-major
/// @param bias       `float[outputCount]`
record DenseLayer(int inputCount, int outputCount, float[] weights, float[] bias, Activation activation) {
    private static final String WEIGHTS = "model.safetensors";
    private static final int MOST_ELEMENTS = 1 << 16;

    private enum Activation {
        IDENTITY,
        TANH,
        RELU,
        SIGMOID;

        float of(double x) {
            return (float) switch (this) {
                case IDENTITY -> x;
                case TANH -> Math.tanh(x);
                case RELU -> Math.max(0, x);
                case SIGMOID -> 1 / (1 + Math.exp(-x));
            };
        }

        private static Activation parse(String type) {
            return switch (type.substring(type.lastIndexOf('.') + 1)) {
                case "Identity" -> IDENTITY;
                // What it is where nothing is said
                case "Tanh", "" -> TANH;
                case "ReLU" -> RELU;
                case "Sigmoid" -> SIGMOID;
                default -> throw new IllegalArgumentException("the activation '" + type + "' is not supported");
            };
        }
    }

    /// @param inputCount elements of the vectors it is given
    /// @throws ModelFolderException naming the file that is absent or does not fit
    static DenseLayer read(FolderReader reader, String folder, int inputCount) {
        String configFile = folder + "/config.json";
        JsonNode config = reader.json(configFile);
        int in = config.path("in_features").asInt();
        int out = config.path("out_features").asInt();
        Activation activation;
        try {
            activation = Activation.parse(config.path("activation_function").asText(""));
            if (in < 1 || in > MOST_ELEMENTS || out < 1 || out > MOST_ELEMENTS) {
                throw new IllegalArgumentException("from vectors of " + in + " to vectors of " + out);
            }
            if (in != inputCount) {
                throw new IllegalArgumentException("from vectors of " + in + ", where it is given " + inputCount);
            }
            if (config.path("use_residual").asBoolean()) {
                throw new IllegalArgumentException("use_residual = true is not supported");
            }
        } catch (IllegalArgumentException e) {
            throw reader.problem(configFile, e);
        }
        String file = folder + "/" + WEIGHTS;
        Safetensors tensors = reader.safetensors(file);
        try {
            float[] weights = tensors.floats("linear.weight", out, in)
                    .orElseThrow(() -> new IllegalArgumentException("no tensor 'linear.weight'"));
            float[] bias = config.path("bias").asBoolean(true)
                    ? tensors.floats("linear.bias", out)
                            .orElseThrow(() -> new IllegalArgumentException("no tensor 'linear.bias'"))
                    : new float[out];
            return new DenseLayer(in, out, weights, bias, activation);
        } catch (IllegalArgumentException e) {
            throw reader.problem(file, e);
        }
    }

    /// Whether it takes the text's vector and gives its new one, as most do.
    static boolean isOfSentences(FolderReader reader, String folder) {
        JsonNode config = reader.jsonOrEmpty(folder + "/config.json");
        String input = config.path("module_input_name").asText("sentence_embedding");
        return input.equals("sentence_embedding") && config.path("module_output_name").asText(input).equals(input);
    }

    float[] apply(float[] vector) {
        float[] result = new float[outputCount];
        for (int row = 0; row < outputCount; row++) {
            double sum = bias[row];
            for (int i = 0; i < inputCount; i++) {
                sum += (double) weights[row * inputCount + i] * vector[i];
            }
            result[row] = activation.of(sum);
        }
        return result;
    }
}
