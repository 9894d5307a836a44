// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/// A file of named tensors, little endian:
///
///     0      u64  length n of the header
///     8      n    JSON: per tensor `dtype`, `shape`, and `data_offsets`, its first byte and the one after its last
///     8 + n       the tensors, from which the offsets count
///
/// Immutable.
public final class Safetensors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LENGTH_BYTES = 8;

    private final byte[] file;
    private final JsonNode header;
    private final int dataStart;

    private Safetensors(byte[] file, JsonNode header, int dataStart) {
        this.file = file;
        this.header = header;
        this.dataStart = dataStart;
    }

    /// @param file not changed afterwards
    /// @throws IllegalArgumentException if it is no such file
    public static Safetensors parse(byte[] file) {
        long length = file.length < LENGTH_BYTES ? -1 : little(file, 0, LENGTH_BYTES).getLong();
        if (length < 0 || length > file.length - LENGTH_BYTES) {
            throw new IllegalArgumentException("no safetensors file: a header of " + length + " bytes in " + file.length);
        }
        try {
            JsonNode header = JSON.readTree(file, LENGTH_BYTES, (int) length);
            return new Safetensors(file, header, LENGTH_BYTES + (int) length);
        } catch (IOException e) {
            throw new IllegalArgumentException("no safetensors file: its header is no JSON", e);
        }
    }

    /// The tensor of that name, float32, float16 or bfloat16; empty if there is none.
    ///
    /// @return `float[shape[0] * shape[1] * ...]`, row-major
    /// @throws IllegalArgumentException if it has another shape or type, or lies outside the file
    public Optional<float[]> floats(String name, int... shape) {
        JsonNode tensor = header.path(name);
        if (!tensor.isObject()) {
            return Optional.empty();
        }
        long count = 1;
        boolean hasShape = tensor.path("shape").size() == shape.length;
        for (int axis = 0; axis < shape.length; axis++) {
            count = Math.multiplyExact(count, shape[axis]);
            hasShape &= tensor.path("shape").path(axis).asLong(-1) == shape[axis];
        }
        String type = tensor.path("dtype").asText();
        int width = switch (type) {
            case "F32" -> Float.BYTES;
            case "F16", "BF16" -> Short.BYTES;
            default -> throw new IllegalArgumentException("tensor '" + name + "' of type " + type + " is not supported");
        };
        long start = tensor.path("data_offsets").path(0).asLong(-1);
        long end = tensor.path("data_offsets").path(1).asLong(-1);
        if (!hasShape || start < 0 || end > file.length - dataStart || end - start != Math.multiplyExact(count, width)) {
            throw new IllegalArgumentException("tensor '" + name + "' of shape " + tensor.path("shape") + " in bytes "
                    + start + " to " + end + ", expected shape " + Arrays.toString(shape));
        }
        ByteBuffer data = little(file, dataStart + (int) start, (int) (end - start));
        float[] values = new float[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case "F32" -> data.getFloat();
                case "F16" -> Float.float16ToFloat(data.getShort());
                default -> Float.intBitsToFloat(data.getShort() << Short.SIZE);
            };
        }
        return Optional.of(values);
    }

    private static ByteBuffer little(byte[] file, int start, int count) {
        return ByteBuffer.wrap(file, start, count).order(ByteOrder.LITTLE_ENDIAN);
    }
}
