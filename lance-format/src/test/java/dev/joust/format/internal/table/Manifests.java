// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.lang.foreign.MemorySegment;
import java.util.function.UnaryOperator;

import dev.joust.format.table.BasePath;
import dev.joust.format.table.Manifest;
import dev.joust.io.ObjectPath;

/// Manifest files with something changed, for tests.
public final class Manifests {
    private static final ObjectPath PATH = ObjectPath.of("_versions/changed.manifest");

    private Manifests() {}

    /// The file with other base paths. The transaction inside stays as it is.
    public static byte[] withBasePaths(byte[] file, UnaryOperator<String> change) {
        MemorySegment whole = MemorySegment.ofArray(file);
        ManifestFile.Parsed parsed = ManifestFile.parse(PATH, whole);
        Manifest manifest = parsed.manifest();
        byte[] transaction =
                TransactionCodec.toBytes(ManifestFile.parseTransaction(PATH, whole, parsed.transactionOffset()));
        Manifest moved = new Manifest(
                manifest.storedSchema(),
                manifest.fragments(),
                manifest.version(),
                manifest.timestamp(),
                manifest.readerFeatureFlags(),
                manifest.writerFeatureFlags(),
                manifest.maxFragmentId(),
                manifest.transactionFile(),
                manifest.writerVersion(),
                manifest.nextRowId(),
                manifest.dataFormatVersion(),
                manifest.config(),
                manifest.basePaths().stream()
                        .map(base -> new BasePath(
                                base.id(),
                                base.name(),
                                base.isDatasetRoot(),
                                change.apply(base.path()),
                                base.unmodelled()))
                        .toList(),
                manifest.tableMetadata(),
                manifest.branch(),
                manifest.maxAllocatedFieldId(),
                manifest.indices(),
                manifest.unmodelled(),
                manifest.unmodelledOfIndexSection());
        return ManifestFile.toBytes(moved, transaction);
    }
}
