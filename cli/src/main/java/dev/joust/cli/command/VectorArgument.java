// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.joust.cli.input.NpyFile;

/// What `--vector` gives: `[0.1, 0.2]`, `[[...], [...]]`, or `@FILE` of the same, as `.json` or `.npy`.
///
/// @param vectors  one or more, all of one length
/// @param isMatrix whether they were given as a list of vectors: then rows tell which query they answer
record VectorArgument(List<float[]> vectors, boolean isMatrix) {
    private static final JsonFactory JSON = new JsonFactory();

    /// All the vectors as one query, for columns with several vectors a row.
    VectorArgument asOne() {
        float[] all = new float[Math.multiplyExact(vectors.size(), vectors.getFirst().length)];
        int at = 0;
        for (float[] vector : vectors) {
            System.arraycopy(vector, 0, all, at, vector.length);
            at += vector.length;
        }
        return new VectorArgument(List.of(all), false);
    }

    static VectorArgument parse(String text) throws IOException {
        VectorArgument argument = text.startsWith("@") ? file(Path.of(text.substring(1))) : json(text, "--vector");
        if (argument.vectors.isEmpty() || argument.vectors.getFirst().length == 0) {
            throw new UsageException("--vector: there is no vector in it");
        }
        for (float[] vector : argument.vectors) {
            if (vector.length != argument.vectors.getFirst().length) {
                throw new UsageException("--vector: vectors of " + argument.vectors.getFirst().length + " and of "
                        + vector.length + " values");
            }
        }
        return argument;
    }

    private static VectorArgument file(Path file) throws IOException {
        String name = file.toString();
        if (name.endsWith(".json")) {
            return json(Files.readString(file), name);
        }
        if (!name.endsWith(".npy")) {
            throw new UsageException("--vector @" + name + ": a .json or .npy file is needed");
        }
        NpyFile array = NpyFile.read(file);
        if (array.shape().length == 1) {
            return new VectorArgument(List.of(array.floats(array.shape()[0])), false);
        }
        List<float[]> rows = new ArrayList<>();
        for (int row = 0; row < array.shape()[0]; row++) {
            rows.add(array.floats(array.shape()[1]));
        }
        return new VectorArgument(rows, true);
    }

    private static VectorArgument json(String text, String where) throws IOException {
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw notAVector(where);
            }
            boolean isMatrix = json.nextToken() == JsonToken.START_ARRAY;
            List<float[]> vectors = new ArrayList<>();
            if (!isMatrix) {
                vectors.add(rest(json, where));
            } else {
                while (json.currentToken() == JsonToken.START_ARRAY) {
                    json.nextToken();
                    vectors.add(rest(json, where));
                    json.nextToken();
                }
            }
            if (json.currentToken() != JsonToken.END_ARRAY || json.nextToken() != null) {
                throw notAVector(where);
            }
            return new VectorArgument(vectors, isMatrix);
        } catch (JacksonException e) {
            throw notAVector(where);
        }
    }

    /// Numbers up to the end of the list, which is then the current token.
    private static float[] rest(JsonParser json, String where) throws IOException {
        List<Float> values = new ArrayList<>();
        while (json.currentToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == null || !json.currentToken().isNumeric()) {
                throw notAVector(where);
            }
            values.add(json.getFloatValue());
            json.nextToken();
        }
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i);
        }
        return vector;
    }

    private static UsageException notAVector(String where) {
        return new UsageException(where + ": a JSON list of numbers is needed, or a list of such lists");
    }
}
