// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A NumPy array file of one or two dimensions.
///
///     0  6 bytes  93 "NUMPY"        8  u16 (version 1) or u32 (2, 3): length of the header
///     6  u8, u8   version           then the header, a Python dictionary as text, then the values
///
/// @param shape  rows, or rows and columns
/// @param type   kind and width of a value: `f4`, `f8`, `f2`, `i4`, `i8`, `u4`, `u8`
/// @param values in C order, positioned at the first
public record NpyFile(int[] shape, String type, ByteBuffer values) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([<>|=])([a-z][0-9]+)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(\\s*([0-9]{1,9})\\s*,?\\s*([0-9]{1,9})?\\s*,?\\s*\\)");

    /// @throws IllegalArgumentException if the file is none of these
    public static NpyFile read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length < 12 || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw wrong(file, "not a NumPy file");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int lengthBytes = bytes[6] == 1 ? 2 : 4;
        long headerBytes = lengthBytes == 2 ? Short.toUnsignedLong(buffer.getShort(8)) : Integer.toUnsignedLong(buffer.getInt(8));
        long start = 8L + lengthBytes + headerBytes;
        if (start > bytes.length) {
            throw wrong(file, "its header is cut short");
        }
        String header = new String(bytes, 8 + lengthBytes, (int) headerBytes, StandardCharsets.ISO_8859_1);
        Matcher type = TYPE.matcher(header);
        Matcher order = ORDER.matcher(header);
        Matcher shape = SHAPE.matcher(header);
        if (!type.find() || !order.find() || !shape.find()) {
            throw wrong(file, "only arrays of numbers with one or two dimensions are read");
        }
        int[] sizes = shape.group(2) == null
                ? new int[] {Integer.parseInt(shape.group(1))}
                : new int[] {Integer.parseInt(shape.group(1)), Integer.parseInt(shape.group(2))};
        if (sizes.length == 2 && order.group(1).equals("True")) {
            throw wrong(file, "it is in Fortran order; save numpy.ascontiguousarray of it");
        }
        int width = Integer.parseInt(type.group(2).substring(1));
        long count = sizes.length == 1 ? sizes[0] : (long) sizes[0] * sizes[1];
        if (count * width != bytes.length - start) {
            throw wrong(file, (bytes.length - start) + " bytes of values, " + count + " x " + width + " expected");
        }
        buffer.order(type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        return new NpyFile(sizes, type.group(2), buffer.position((int) start));
    }

    private static IllegalArgumentException wrong(Path file, String problem) {
        return new IllegalArgumentException(file + ": " + problem);
    }

    /// The next `count` values as floats.
    public float[] floats(int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = switch (type) {
                case "f2" -> Float.float16ToFloat(values.getShort());
                case "f4" -> values.getFloat();
                case "f8" -> (float) values.getDouble();
                default -> throw new IllegalArgumentException("an array of floats is needed, not of " + type);
            };
        }
        return floats;
    }

    /// The next `count` values as whole numbers.
    public long[] longs(int count) {
        long[] longs = new long[count];
        for (int i = 0; i < count; i++) {
            longs[i] = switch (type) {
                case "i4" -> values.getInt();
                case "u4" -> Integer.toUnsignedLong(values.getInt());
                case "i8", "u8" -> values.getLong();
                default -> throw new IllegalArgumentException("an array of whole numbers is needed, not of " + type);
            };
        }
        return longs;
    }
}
