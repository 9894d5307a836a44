// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.internal.table.MessageSource;
import dev.joust.format.internal.table.RowIdSequenceCodec;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowIdSequence;
import dev.joust.format.table.RowVersions;
import dev.joust.format.table.StoredSchema;
import dev.joust.format.table.StoredSequence;
import dev.joust.io.ObjectPath;

/// Versions of tables of columns `a`, `b`, ... (ids 0, 1, ...), ten rows to a fragment, without any files behind them.
final class Manifests {
    static final int ROWS = 10;
    static final NextManifest.Settings SETTINGS = new NextManifest.Settings(null, false, true);

    private Manifests() {}

    static Schema schema(String... names) {
        List<Field> fields = new ArrayList<>();
        for (String name : names) {
            fields.add(Field.required(name, new LogicalType.Int(64, true)));
        }
        return new Schema(fields, Map.of()).withAssignedIds(0);
    }

    /// A table of columns `a`, `b`, `c` that was created and appended to: version 1 made fragment 0, version 2 fragment 1,
    /// and so on.
    static Manifest table(boolean stableRowIds, int fragmentCount) {
        Manifest manifest = NextManifest.of(
                null,
                null,
                Transaction.of(0, new Operation.Overwrite(fragments(0), StoredSchema.of(schema("a", "b", "c"))), Map.of()),
                new NextManifest.Settings("2.2", stableRowIds, true));
        for (int i = 1; i < fragmentCount; i++) {
            manifest = apply(manifest, new Operation.Append(fragments(i)));
        }
        return manifest;
    }

    private static List<Fragment> fragments(int number) {
        return List.of(fragment("f" + number, 0, 1, 2));
    }

    /// A new one, its id to be given.
    static Fragment fragment(String path, Integer... fieldIds) {
        return Fragment.written(List.of(file(path, fieldIds)), ROWS);
    }

    static DataFile file(String path, Integer... fieldIds) {
        List<Integer> columns = new ArrayList<>();
        for (int i = 0; i < fieldIds.length; i++) {
            columns.add(i);
        }
        return DataFile.of(path, Arrays.asList(fieldIds), columns, 2, 2, 100);
    }

    static Manifest apply(Manifest manifest, Operation operation) {
        return NextManifest.of(
                manifest, null, Transaction.of(manifest.version(), operation, Map.of()), SETTINGS);
    }

    static IndexMetadata index(String name, String kind, int field, int... fragments) {
        return indexOfVersion(0, name, kind, field, fragments);
    }

    static IndexMetadata indexOfVersion(
            int indexVersion, String name, String kind, int field, int... fragments) {
        return new IndexMetadata(
                UUID.nameUUIDFromBytes((name + Arrays.toString(fragments)).getBytes(StandardCharsets.UTF_8)),
                List.of(field),
                name,
                1,
                IndexSegments.bytes(RoaringBitmap.bitmapOf(fragments)),
                "/lance.table." + kind,
                Bytes.EMPTY,
                indexVersion,
                1L,
                null,
                List.of(),
                Bytes.EMPTY);
    }

    static Manifest withIndices(Manifest manifest, IndexMetadata... indices) {
        return apply(manifest, new Operation.CreateIndex(List.of(indices), List.of(), Bytes.EMPTY));
    }

    static List<Integer> covered(Manifest manifest, String index) {
        return manifest.indices().stream()
                .filter(candidate -> candidate.name().equals(index))
                .flatMap(candidate -> Arrays.stream(IndexSegments.fragmentsOf(candidate).toArray()).boxed())
                .toList();
    }

    static StoredSequence ids(long... ids) {
        return new StoredSequence.Inline(RowIdSequenceCodec.toBytes(RowIdSequence.ofIds(ids)));
    }

    static List<Long> rowIds(Fragment fragment) {
        RowIdSequence sequence = RowIdSequenceCodec.parse(
                ((StoredSequence.Inline) fragment.rowIds()).message(), fragment.physicalRowCount(), source(), "ids");
        List<Long> ids = new ArrayList<>();
        for (long row = 0; row < sequence.rowCount(); row++) {
            ids.add(sequence.idAt(row));
        }
        return ids;
    }

    static List<Long> versions(Fragment fragment, StoredSequence stored) {
        RowVersions versions = RowIdSequenceCodec.parseVersions(
                ((StoredSequence.Inline) stored).message(), fragment.physicalRowCount(), source(), "versions");
        List<Long> all = new ArrayList<>();
        for (long row = 0; row < versions.rowCount(); row++) {
            all.add(versions.versionAt(row));
        }
        return all;
    }

    private static MessageSource source() {
        return new MessageSource(ObjectPath.ROOT.resolve("test"), 0);
    }
}
