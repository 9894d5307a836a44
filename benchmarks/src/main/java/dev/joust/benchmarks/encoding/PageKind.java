// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.encoding;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.encoding.write.PageData;
import dev.joust.format.schema.LogicalType;

/// Columns as tables have them, 100,000 rows each.
public enum PageKind {
    ID_INT64,
    NOISE_INT64,
    FEW_INT64,
    SMALL_INT32,
    CATEGORY_INT32,
    RUNS_INT32,
    SCORE_FLOAT64,
    NULLABLE_FLOAT64,
    LIST_INT32,
    VECTOR_768,
    TEXT_PATHS,
    TEXT_WORDS,
    TEXT_SENTENCES,
    TEXT_CATEGORIES,
    TEXT_UUIDS,
    NULLABLE_TEXT;

    static final int ROWS = 100_000;
    private static final int DIMENSION = 768;
    private static final int NULL_EVERY = 10;
    private static final List<String> WORDS = List.of(
            "red", "green", "blue", "star", "square", "circle", "bicycle", "street", "small", "large", "old", "new");

    private static String words(SplittableRandom random, int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString();
    }

    LogicalType type() {
        return switch (this) {
            case TEXT_PATHS, TEXT_WORDS, TEXT_SENTENCES, TEXT_CATEGORIES, TEXT_UUIDS, NULLABLE_TEXT ->
                new LogicalType.Utf8(false);
            case ID_INT64, NOISE_INT64, FEW_INT64, SMALL_INT32, CATEGORY_INT32, RUNS_INT32, SCORE_FLOAT64,
                    NULLABLE_FLOAT64, LIST_INT32, VECTOR_768 ->
                new LogicalType.Int(64, true);
        };
    }

    /// The column as one page.
    PageData page() {
        var random = new SplittableRandom(20261121);
        if (this == VECTOR_768) {
            int rows = ROWS / 40;
            LeafValues items = values(random, DIMENSION * rows);
            return new PageData(
                    0, rows, List.of(), false, null, new LeafValues.FixedSizeList(DIMENSION, rows, null, items));
        }
        if (this == LIST_INT32) {
            int[] offsets = new int[ROWS / 5 + 1];
            for (int i = 1; i < offsets.length; i++) {
                offsets[i] = Math.min(ROWS, offsets[i - 1] + random.nextInt(10));
            }
            return new PageData(
                    0, ROWS / 5, List.of(new PageData.Layer(null, offsets, 0, false)), false, null,
                    values(random, offsets[ROWS / 5]));
        }
        boolean nullable = this == NULLABLE_FLOAT64 || this == NULLABLE_TEXT;
        return new PageData(0, ROWS, List.of(), false, nullable ? validity(random) : null, values(random, ROWS));
    }

    private LeafValues values(SplittableRandom random, int count) {
        return switch (this) {
            case ID_INT64 -> longs(count, i -> i);
            case NOISE_INT64 -> longs(count, _ -> random.nextLong());
            case FEW_INT64 -> longs(count, _ -> random.nextInt(50) * 0x123456789ABCDL);
            case SCORE_FLOAT64 -> longs(count, _ -> Double.doubleToLongBits(random.nextDouble()));
            case NULLABLE_FLOAT64 -> longs(count, _ -> Double.doubleToLongBits(random.nextGaussian()));
            case SMALL_INT32 -> ints(count, _ -> random.nextInt(100_000));
            case CATEGORY_INT32 -> ints(count, _ -> random.nextInt(10));
            case RUNS_INT32 -> ints(count, i -> i / 20 * 1_000_003);
            case LIST_INT32 -> ints(count, _ -> random.nextInt(1000));
            case VECTOR_768 -> {
                byte[] bytes = new byte[4 * count];
                random.nextBytes(bytes);
                yield new LeafValues.FixedWidth(32, count, bytes);
            }
            case TEXT_PATHS ->
                texts(count, i -> "s3://pictures/%015x/%07d.jpg".formatted(random.nextLong(1L << 60), i));
            case TEXT_WORDS, NULLABLE_TEXT -> texts(count, _ -> words(random, 4 + random.nextInt(8)));
            case TEXT_SENTENCES -> texts(count, _ -> words(random, 40 + random.nextInt(40)));
            case TEXT_CATEGORIES -> texts(count, _ -> words(random, 1));
            case TEXT_UUIDS -> texts(count, _ -> new UUID(random.nextLong(), random.nextLong()).toString());
        };
    }

    private static LeafValues longs(int count, IntToLongFunction value) {
        byte[] bytes = new byte[8 * count];
        for (int i = 0; i < count; i++) {
            LittleEndian.putLong(bytes, 8 * i, value.applyAsLong(i));
        }
        return new LeafValues.FixedWidth(64, count, bytes);
    }

    private static LeafValues ints(int count, IntUnaryOperator value) {
        byte[] bytes = new byte[4 * count];
        for (int i = 0; i < count; i++) {
            LittleEndian.putInt(bytes, 4 * i, value.applyAsInt(i));
        }
        return new LeafValues.FixedWidth(32, count, bytes);
    }

    private static LeafValues texts(int count, IntFunction<String> value) {
        var bytes = new ByteArrayOutputStream();
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++) {
            bytes.writeBytes(value.apply(i).getBytes(StandardCharsets.UTF_8));
            offsets[i + 1] = bytes.size();
        }
        return new LeafValues.VariableWidth(32, count, offsets, bytes.toByteArray());
    }

    private static byte[] validity(SplittableRandom random) {
        byte[] bits = new byte[ROWS / 8];
        for (int i = 0; i < ROWS; i++) {
            if (random.nextInt(NULL_EVERY) > 0) {
                bits[i >>> 3] |= (byte) (1 << (i & 7));
            }
        }
        return bits;
    }
}
