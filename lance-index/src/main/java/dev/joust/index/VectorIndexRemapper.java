// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongUnaryOperator;

import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.commit.IndexSegments;
import dev.joust.format.commit.Operation;
import dev.joust.format.index.VectorIndexDetails;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.IndexRemapper;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowMoves;
import dev.joust.index.internal.vector.JoinedPartitions;
import dev.joust.index.internal.vector.VectorTraining;
import dev.joust.index.internal.vector.Workers;

/// Keeps vector indices covering rows that compaction moves: partitions are written anew with the new addresses, and
/// without deleted rows; what rows are encoded as stays, and so do graphs through partitions that lose no row; others are
/// built anew. Stateless.
public final class VectorIndexRemapper implements IndexRemapper {
    private static final int MAX_INDEX_VERSION = 2;

    @Override
    public boolean canRemap(IndexMetadata index) {
        if (!VectorIndexDetails.isVectorIndex(index.detailsTypeUrl())
                || (index.indexVersion() != null && index.indexVersion() > MAX_INDEX_VERSION)) {
            return false;
        }
        RoaringBitmap covered = IndexSegments.fragmentsOf(index);
        return covered != null && !covered.isEmpty();
    }

    @Override
    public Optional<Operation.Rewrite.RewrittenIndex> remap(Dataset version, IndexMetadata index, RowMoves moves)
            throws IOException {
        VectorIndex opened;
        try {
            opened = VectorIndex.open(IndexDirectory.of(version.session(), version.indexFolder(index), index));
        } catch (UnsupportedFormatException e) {
            return Optional.empty(); // of a layout not known here: rows that move are not covered any more
        }
        RoaringBitmap covered = IndexSegments.fragmentsOf(index);
        LongUnaryOperator moved = address -> {
            int fragment = RowAddress.fragmentId(address);
            return covered != null && covered.contains(fragment) ? moves.newAddressOf(address) : -1;
        };
        VectorTraining training = opened.training();
        VectorIndexParameters parameters = VectorIndexParameters.of(
                opened.kind(), opened.metric(), VectorIndexDetails.parse(index.details()));
        UUID uuid = UUID.randomUUID();
        List<IndexMetadata.IndexFile> files = SegmentBuild.files(
                version,
                uuid,
                new JoinedPartitions(List.of(new SegmentRows(opened, training.encoder(), _ -> true, moved))),
                training,
                parameters,
                IndexBuildOptions.DEFAULT,
                Workers.of(version.session()));
        return Optional.of(new Operation.Rewrite.RewrittenIndex(
                index.uuid(),
                uuid,
                index.detailsTypeUrl(),
                index.details(),
                index.indexVersion() == null ? 0 : index.indexVersion(),
                files,
                Bytes.EMPTY));
    }
}
