// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.compress.CompressionScheme;
import dev.joust.format.schema.Field;

/// What the metadata of a column's fields asks of its encoding (spec: file format 5.6). What cannot be understood is
/// passed over, except where the reference fails on it too.
///
/// `lance-encoding:compression-level` and its sibling for dictionaries change nothing: the Zstd encoder has one level,
/// the default one, and LZ4 has none.
///
/// @param compression           of values
/// @param rleShare              run lengths only where runs are fewer than that share of the values
/// @param byteStreams           whether bytes of values may be split into streams before they are compressed
/// @param chunkSizeBytes        of values of variable width, about; null: the default
/// @param dictionaryDivisor     distinct values are at most the values divided by that
/// @param dictionaryShare       dictionary and indices take at most that share of the values' bytes
/// @param dictionarySizeBytes   of a dictionary at most
/// @param dictionaryCompression of a dictionary's values; null: none
/// @param structure             how values are laid out
public record EncodingRequest(
        Compression compression,
        double rleShare,
        ByteStreams byteStreams,
        @Nullable Integer chunkSizeBytes,
        long dictionaryDivisor,
        double dictionaryShare,
        long dictionarySizeBytes,
        @Nullable CompressionScheme dictionaryCompression,
        Structure structure) {
    /// How the bytes of values are compressed.
    public enum Compression {
        /// As is smallest, without a general compression.
        AUTOMATIC,
        NONE,
        LZ4,
        ZSTD,
        FSST;

        /// Null where no general compression is asked for.
        @Nullable CompressionScheme scheme() {
            return switch (this) {
                case LZ4 -> CompressionScheme.LZ4;
                case ZSTD -> CompressionScheme.ZSTD;
                case AUTOMATIC, NONE, FSST -> null;
            };
        }
    }

    /// Whether to split values of 32 and 64 bits into streams of bytes.
    public enum ByteStreams {
        OFF,
        ON,
        AUTO
    }

    /// Where values lie.
    public enum Structure {
        AUTOMATIC,
        MINI_BLOCK,
        FULL_ZIP
    }

    /// Nothing asked for.
    public static final EncodingRequest DEFAULT = new EncodingRequest(
            Compression.AUTOMATIC, 1, ByteStreams.AUTO, null, 2, 0.8, 8 << 20, CompressionScheme.LZ4, Structure.AUTOMATIC);

    private static final String PREFIX = "lance-encoding:";

    /// @param root the top-level field, which tells the structure
    /// @param leaf the column's own field, which tells the rest
    /// @throws IllegalArgumentException naming the field and what of its metadata cannot be
    public static EncodingRequest of(Field root, Field leaf) {
        Map<String, String> asked = leaf.metadata();
        double share = number(asked.get(PREFIX + "dict-size-ratio"), Double::valueOf, DEFAULT.dictionaryShare);
        if (!(share > 0 && share <= 1)) {
            throw unknown(leaf, "dict-size-ratio", asked.get(PREFIX + "dict-size-ratio"));
        }
        String mostBytes = asked.get(PREFIX + "dict-max-size");
        long dictionarySizeBytes = number(mostBytes, Long::valueOf, mostBytes == null ? DEFAULT.dictionarySizeBytes : -1);
        if (dictionarySizeBytes < 0) {
            throw unknown(leaf, "dict-max-size", mostBytes);
        }
        long divisor = number(asked.get(PREFIX + "dict-divisor"), Long::valueOf, DEFAULT.dictionaryDivisor);
        Long chunkSizeBytes = number(asked.get(PREFIX + "minichunk-size"), Long::valueOf, null);
        return new EncodingRequest(
                compression(leaf),
                number(asked.get(PREFIX + "rle-threshold"), Double::valueOf, DEFAULT.rleShare),
                byteStreams(asked.get(PREFIX + "bss")),
                chunkSizeBytes == null ? null : Math.clamp(chunkSizeBytes, 1, 1 << 20),
                divisor < 0 ? DEFAULT.dictionaryDivisor : Math.max(1, divisor),
                share,
                dictionarySizeBytes,
                dictionaryCompression(leaf),
                structure(root));
    }

    private static Compression compression(Field leaf) {
        String asked = leaf.metadata().get(PREFIX + "compression");
        return switch (asked) {
            case null -> Compression.AUTOMATIC;
            case "none" -> Compression.NONE;
            case "lz4" -> Compression.LZ4;
            case "zstd" -> Compression.ZSTD;
            case "fsst" -> Compression.FSST;
            default -> throw unknown(leaf, "compression", asked);
        };
    }

    private static @Nullable CompressionScheme dictionaryCompression(Field leaf) {
        String asked = leaf.metadata().get(PREFIX + "dict-values-compression");
        return switch (asked) {
            case null -> DEFAULT.dictionaryCompression;
            case "none" -> null;
            case "lz4" -> CompressionScheme.LZ4;
            case "zstd" -> CompressionScheme.ZSTD;
            default -> throw unknown(leaf, "dict-values-compression", asked);
        };
    }

    private static ByteStreams byteStreams(@Nullable String asked) {
        return switch (asked == null ? "" : asked.toLowerCase(Locale.ROOT)) {
            case "off" -> ByteStreams.OFF;
            case "on" -> ByteStreams.ON;
            default -> ByteStreams.AUTO;
        };
    }

    private static Structure structure(Field root) {
        String asked = root.metadata().get(PREFIX + "structural-encoding");
        return switch (asked == null ? "" : asked.toLowerCase(Locale.ROOT)) {
            case "" -> Structure.AUTOMATIC;
            case "miniblock" -> Structure.MINI_BLOCK;
            case "fullzip" -> Structure.FULL_ZIP;
            default -> throw unknown(root, "structural-encoding", asked);
        };
    }

    private static <T extends @Nullable Object> T number(@Nullable String text, Function<String, T> parse, T otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static IllegalArgumentException unknown(Field field, String key, @Nullable String value) {
        return new IllegalArgumentException("field '" + field.name() + "': " + PREFIX + key + " is '" + value + "', which cannot be");
    }
}
