// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.encoding.compress.BitpackingEncoder;
import dev.joust.format.internal.encoding.compress.BlockEncoder;
import dev.joust.format.internal.encoding.compress.ByteStreamSplitEncoder;
import dev.joust.format.internal.encoding.compress.CompressionScheme;
import dev.joust.format.internal.encoding.compress.FlatEncoder;
import dev.joust.format.internal.encoding.compress.FsstEncoder;
import dev.joust.format.internal.encoding.compress.MiniBlockValues;
import dev.joust.format.internal.encoding.compress.PerValueEncoder;
import dev.joust.format.internal.encoding.compress.RleEncoder;
import dev.joust.format.internal.encoding.compress.VariableEncoder;
import dev.joust.format.internal.encoding.repdef.RepDefLevels;

/// Chooses how the values of a page are encoded: the smallest of the forms that the file version knows and the
/// column's metadata admits (spec: file format 5.3). Thread-safe: it keeps nothing.
final class ValueEncodings {
    /// Below this, a symbol table of 2.3 KiB hardly pays.
    private static final int LEAST_FSST_BYTES = 12 << 10;

    private static final int LEAST_FSST_LENGTH = 5;

    /// Values are compressed one by one from here on.
    private static final int LEAST_PER_VALUE_BYTES = 32 << 10;

    /// Of values longer than this, compression one by one is tried unasked.
    private static final int LONG_VALUE_BYTES = 32 << 10;

    /// Chunks of more than this are not written in 2.1, where one may have 32 KiB.
    private static final int MAX_NARROW_CHUNK_BYTES = 16 << 10;

    private final FileVersion version;
    private final boolean text;
    private final EncodingRequest request;

    /// @param version 2.1 or 2.2
    /// @param text    the column holds text, not arbitrary bytes
    ValueEncodings(FileVersion version, boolean text, EncodingRequest request) {
        this.version = version;
        this.text = text;
        this.request = request;
    }

    private boolean isV2_1() {
        return version == FileVersion.V2_1;
    }

    private int wordBytes() {
        return isV2_1() ? 2 : 4;
    }

    /// The smallest of flat, bit-packed and run-length encoded, levels counted; or of these and of streams of bytes
    /// after the compression that is asked for.
    MiniBlockValues miniBlock(LeafValues.FixedWidth values, RepDefLevels levels) {
        MiniBlockValues flat = FlatEncoder.miniBlock(values);
        if (request.compression() == EncodingRequest.Compression.NONE) {
            return flat;
        }
        MiniBlockValues best = BitpackingEncoder.packs(values.bitsPerValue()) ? packed(values, flat, levels) : flat;
        CompressionScheme scheme = request.compression().scheme();
        return scheme == null ? best : compressed(values, flat, best, scheme, levels);
    }

    private MiniBlockValues packed(LeafValues.FixedWidth values, MiniBlockValues flat, RepDefLevels levels) {
        MiniBlockValues best = flat;
        int[] widths = BitpackingEncoder.groupWidths(values);
        if (BitpackingEncoder.inlineSizeBytes(values.bitsPerValue(), widths) < values.sizeBytes()) {
            best = smaller(best, BitpackingEncoder.miniBlock(values, widths), levels);
        }
        int runs = RleEncoder.runCount(values);
        if (RleEncoder.estimateSizeBytes(values, runs) < best.sizeBytes(wordBytes())
                && (request.rleShare() >= 1 || runs < values.count() * request.rleShare())) {
            best = smaller(best, RleEncoder.miniBlock(values), levels);
        }
        return best;
    }

    private MiniBlockValues compressed(
            LeafValues.FixedWidth values,
            MiniBlockValues flat,
            MiniBlockValues packed,
            CompressionScheme scheme,
            RepDefLevels levels) {
        List<MiniBlockValues> candidates = new ArrayList<>();
        boolean splits = ByteStreamSplitEncoder.splits(values.bitsPerValue());
        if (splits && request.byteStreams() != EncodingRequest.ByteStreams.OFF) {
            candidates.add(ByteStreamSplitEncoder.miniBlock(values));
        }
        if (candidates.isEmpty() || request.byteStreams() != EncodingRequest.ByteStreams.ON) {
            candidates.add(flat);
            if (!packed.encoding().equals(flat.encoding())) {
                candidates.add(packed);
            }
        }
        MiniBlockValues best = candidates.getFirst();
        if (candidates.size() > 1) {
            long bestBytes = Long.MAX_VALUE;
            for (MiniBlockValues candidate : candidates) {
                long bytes = candidate.estimateCompressedBytes(scheme, wordBytes());
                if (bytes < bestBytes) {
                    bestBytes = bytes;
                    best = candidate;
                }
            }
        }
        return smaller(packed, best.compressed(scheme), levels);
    }

    private MiniBlockValues smaller(MiniBlockValues first, MiniBlockValues second, RepDefLevels levels) {
        return sizeBytes(second, levels) < sizeBytes(first, levels) ? second : first;
    }

    /// Levels of one bit take 128 bytes per 1024 values or part of that.
    private long sizeBytes(MiniBlockValues values, RepDefLevels levels) {
        long total = values.sizeBytes(wordBytes());
        if (levels.definition() != null) {
            for (int count : values.chunkValueCounts()) {
                total += Math.min(2L * count, 128L * ((count + 1023) / 1024));
            }
        }
        return total;
    }

    /// Offsets and bytes, or codes of symbols, or what is asked for.
    MiniBlockValues miniBlock(LeafValues.VariableWidth values, int longest) {
        FsstEncoder encoded = suitsFsst(values, longest) ? FsstEncoder.encode(values) : null;
        if (encoded != null) {
            return VariableEncoder.miniBlock(encoded.values(), encoded.encoding(), chunkSizeBytes());
        }
        MiniBlockValues plain = VariableEncoder.miniBlock(values, VariableEncoder.encoding(values), chunkSizeBytes());
        CompressionScheme scheme = request.compression().scheme();
        return scheme == null ? plain : plain.compressed(scheme);
    }

    private int chunkSizeBytes() {
        int asked = Objects.requireNonNullElse(request.chunkSizeBytes(), VariableEncoder.CHUNK_BYTES);
        return isV2_1() ? Math.min(asked, MAX_NARROW_CHUNK_BYTES) : asked;
    }

    private boolean suitsFsst(LeafValues.VariableWidth values, int longest) {
        return switch (request.compression()) {
            case AUTOMATIC -> text && longest >= LEAST_FSST_LENGTH && values.byteCount() >= LEAST_FSST_BYTES;
            case FSST -> true;
            case NONE, LZ4, ZSTD -> false;
        };
    }

    /// As they are, or codes of symbols, or each by itself compressed: that always with Zstd, as the reference does it.
    PerValueEncoder perValue(LeafValues.VariableWidth values, int longest) {
        PerValueEncoder plain = PerValueEncoder.plain(values);
        boolean mayCompress = values.byteCount() >= LEAST_PER_VALUE_BYTES;
        return switch (request.compression()) {
            case NONE -> plain;
            case LZ4, ZSTD -> otherwise(mayCompress ? PerValueEncoder.zstd(values) : null, plain);
            case FSST -> otherwise(PerValueEncoder.fsst(values), plain);
            case AUTOMATIC -> {
                PerValueEncoder zstd = mayCompress && longest > LONG_VALUE_BYTES ? PerValueEncoder.zstd(values) : null;
                // A few long values among many short ones do not make Zstd the better choice for these
                PerValueEncoder fsst = suitsFsst(values, longest) && (zstd == null || !isMostlyLong(values))
                        ? PerValueEncoder.fsst(values)
                        : null;
                if (zstd == null || (fsst != null && fsst.values().byteCount() < zstd.values().byteCount())) {
                    yield otherwise(fsst, plain);
                }
                yield zstd;
            }
        };
    }

    private static boolean isMostlyLong(LeafValues.VariableWidth values) {
        return values.byteCount() / Math.max(1, values.count()) > LONG_VALUE_BYTES / 4;
    }

    private static PerValueEncoder otherwise(@Nullable PerValueEncoder first, PerValueEncoder second) {
        return first == null ? second : first;
    }

    /// The values of a dictionary. Blocks know no compression in 2.1.
    BlockEncoder dictionaryItems(LeafValues items) {
        return BlockEncoder.encode(items, isV2_1() ? null : request.dictionaryCompression());
    }
}
