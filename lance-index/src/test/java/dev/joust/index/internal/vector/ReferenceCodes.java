// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.joust.index.DistanceType;

/// What the reference made of some vectors: a file of `testdata/vector-codes`, whose layout `make_vector_codes.py` says.
public final class ReferenceCodes {
    private final String name;
    private final Map<String, ByteBuffer> arrays = new HashMap<>();

    private ReferenceCodes(String name, ByteBuffer file) {
        this.name = name;
        file.order(ByteOrder.LITTLE_ENDIAN);
        while (file.hasRemaining()) {
            byte[] arrayName = new byte[file.get()];
            file.get(arrayName);
            int width = switch (file.get()) {
                case 'f' -> Float.BYTES;
                case 'b' -> 1;
                default -> Long.BYTES;
            };
            int bytes = file.getInt() * width;
            arrays.put(
                    new String(arrayName, StandardCharsets.UTF_8),
                    file.slice(file.position(), bytes).order(ByteOrder.LITTLE_ENDIAN));
            file.position(file.position() + bytes);
        }
    }

    public static ReferenceCodes named(String name) {
        Path folder = Path.of(System.getProperty("joust.repository.root", "")).toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("testdata/vector-codes"))) {
            folder = Objects.requireNonNull(folder.getParent(), "testdata/vector-codes is nowhere above");
        }
        try {
            return new ReferenceCodes(
                    name, ByteBuffer.wrap(Files.readAllBytes(folder.resolve("testdata/vector-codes/" + name + ".bin"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public DistanceType type() {
        return DistanceType.fromCode(name.split("-")[1]);
    }

    /// The bits of a code, from the name.
    public int bits() {
        return name.charAt(2) - '0';
    }

    public int dimension() {
        return floats("query").length;
    }

    public int rowCount() {
        return longs("row ids").length;
    }

    /// The vectors as they are indexed: with a norm of 1 for cosine, and in the order of the index.
    public float[] indexed() {
        float[] all = floats("vectors");
        if (type() == DistanceType.COSINE) {
            TestVectors.normalize(all, dimension());
        }
        long[] ids = longs("row ids");
        float[] indexed = new float[all.length];
        for (int row = 0; row < ids.length; row++) {
            System.arraycopy(all, (int) ids[row] * dimension(), indexed, row * dimension(), dimension());
        }
        return indexed;
    }

    /// With a norm of 1 for cosine.
    public float[] query() {
        float[] query = floats("query");
        if (type() == DistanceType.COSINE) {
            TestVectors.normalize(query, dimension());
        }
        return query;
    }

    /// The partition of each row, in the order of the index.
    public int[] partitions() {
        int[] partitions = new int[rowCount()];
        int row = 0;
        long[] lengths = longs("lengths");
        for (int partition = 0; partition < lengths.length; partition++) {
            for (int i = 0; i < lengths[partition]; i++) {
                partitions[row++] = partition;
            }
        }
        return partitions;
    }

    /// The distance the reference reports for each row, by its place in the index.
    public float[] distances() {
        Map<Long, Float> byId = new HashMap<>();
        long[] ids = longs("found ids");
        float[] found = floats("found distances");
        for (int i = 0; i < ids.length; i++) {
            byId.put(ids[i], found[i]);
        }
        float[] distances = new float[rowCount()];
        for (int row = 0; row < distances.length; row++) {
            distances[row] = byId.getOrDefault(longs("row ids")[row], Float.NaN);
        }
        return distances;
    }

    public boolean has(String array) {
        return arrays.containsKey(array);
    }

    public float[] floats(String array) {
        float[] values = new float[array(array).remaining() / Float.BYTES];
        array(array).asFloatBuffer().get(values);
        return values;
    }

    public byte[] bytes(String array) {
        byte[] values = new byte[array(array).remaining()];
        array(array).get(0, values);
        return values;
    }

    public long[] longs(String array) {
        long[] values = new long[array(array).remaining() / Long.BYTES];
        array(array).asLongBuffer().get(values);
        return values;
    }

    public double[] doubles(String array) {
        double[] values = new double[array(array).remaining() / Double.BYTES];
        array(array).asDoubleBuffer().get(values);
        return values;
    }

    private ByteBuffer array(String array) {
        return Objects.requireNonNull(arrays.get(array), () -> name + " has no " + array);
    }
}
