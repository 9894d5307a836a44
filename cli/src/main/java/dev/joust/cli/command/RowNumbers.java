// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.joust.cli.input.NpyFile;

/// What `--rows` and `--row-ids` give: `5,1,9`, or `@FILE` with a JSON array or a NumPy array of whole numbers.
final class RowNumbers {
    private static final JsonFactory JSON = new JsonFactory();

    private RowNumbers() {}

    /// @param option for messages
    static long[] parse(String text, String option) throws IOException {
        if (text.startsWith("@")) {
            return file(Path.of(text.substring(1)), option);
        }
        try {
            return Arrays.stream(text.split(",", -1)).mapToLong(number -> Long.parseUnsignedLong(number.strip())).toArray();
        } catch (NumberFormatException e) {
            throw new UsageException(option + " " + text + ": whole numbers with commas between them are needed");
        }
    }

    private static long[] file(Path file, String option) throws IOException {
        if (file.toString().endsWith(".npy")) {
            NpyFile array = NpyFile.read(file);
            if (array.shape().length != 1) {
                throw new UsageException(option + " @" + file + ": an array of one dimension is needed");
            }
            return array.longs(array.shape()[0]);
        }
        long[] numbers = new long[16];
        int count = 0;
        try (JsonParser json = JSON.createParser(Files.readAllBytes(file))) {
            boolean isArray = json.nextToken() == JsonToken.START_ARRAY;
            while (isArray && json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                numbers = count == numbers.length ? Arrays.copyOf(numbers, count * 2) : numbers;
                numbers[count++] = json.getBigIntegerValue().longValue();
            }
            if (!isArray || json.currentToken() != JsonToken.END_ARRAY) {
                throw new UsageException(option + " @" + file + ": a JSON array of whole numbers is needed");
            }
        } catch (JacksonException e) {
            throw new UsageException(option + " @" + file + ": a JSON array of whole numbers is needed");
        }
        return Arrays.copyOf(numbers, count);
    }
}
