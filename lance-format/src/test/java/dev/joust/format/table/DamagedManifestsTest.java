// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.proto.table.Manifest;
import dev.joust.format.internal.proto.table.RowIdSequence;
import dev.joust.io.Session;

/// Damage of manifests that {@link DamagedTablesTest} once found not to be reported.
class DamagedManifestsTest {
    private final Session session = Session.builder().cacheBytes(0).build();

    @AfterEach
    void close() {
        session.close();
    }

    private static TableMutant.Version version(String table) throws IOException {
        return TableMutant.Originals.golden().manifests().stream()
                .filter(version -> version.table().equals(table))
                .findFirst()
                .orElseThrow();
    }

    private Dataset open(TableMutant.Version version, byte[] manifest) throws IOException {
        return Dataset.open(session, version.store(manifest, ManifestNaming.V2));
    }

    /// Offset of the manifest message.
    private static long messageStart(byte[] file) {
        return java.nio.ByteBuffer.wrap(file).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong(file.length - 16) + 4;
    }

    private void assertSchemaReported(TableMutant.Version version, byte[] file, String what) {
        CorruptFileException corrupt = assertThrows(CorruptFileException.class, () -> open(version, file));
        String place = "_versions/18446744073709551614.manifest @ " + messageStart(file);
        assertEquals(place + ": schema: " + what, corrupt.getMessage());
    }

    @Test
    void fieldBelowAColumnOfNumbersIsReported() throws IOException {
        TableMutant.Version version = version("14.0.2/rows-1-2.1");
        ManifestMutator original = new ManifestMutator(version.manifestBytes(), new Random(0));
        Manifest.Builder changed = original.manifest().toBuilder();
        int number = 0;
        while (!changed.getFields(number).getLogicalType().equals("int32")) {
            number++;
        }
        changed.getFieldsBuilder(number + 1).setParentId(changed.getFields(number).getId());
        assertSchemaReported(version, original.with(changed.build()), "field '"
                + changed.getFields(number + 1).getName() + "' (id " + changed.getFields(number + 1).getId()
                + ") names parent " + changed.getFields(number).getId() + ", whose type is int32");
    }

    @Test
    void listWithoutItemsIsReported() throws IOException {
        TableMutant.Version version = version("14.0.2/list-2.1");
        ManifestMutator original = new ManifestMutator(version.manifestBytes(), new Random(0));
        Manifest.Builder changed = original.manifest().toBuilder();
        int list = 0;
        while (!changed.getFields(list).getLogicalType().equals("list")) {
            list++;
        }
        changed.getFieldsBuilder(list + 1).setParentId(-1);
        assertSchemaReported(version, original.with(changed.build()), "field '"
                + changed.getFields(list).getName() + "' of type list has 0 children, needs one");
    }

    @Test
    void idThatTwoRowsHaveIsReportedToWhoAsksForIt() throws IOException {
        TableMutant.Version version = version("14.0.2/stable-row-ids");
        ManifestMutator original = new ManifestMutator(version.manifestBytes(), new Random(0));
        Manifest.Builder changed = original.manifest().toBuilder();
        assertTrue(changed.getFragmentsCount() > 1, "fragments");
        long rowCount = changed.getFragments(1).getPhysicalRows();
        RowIdSequence.Builder ids = RowIdSequence.newBuilder();
        ids.addSegmentsBuilder().getRangeBuilder().setStart(3).setEnd(3 + rowCount);
        changed.getFragmentsBuilder(1).setInlineRowIds(ids.build().toByteString());
        Dataset dataset = open(version, original.with(changed.build()));
        CorruptFileException corrupt =
                assertThrows(CorruptFileException.class, () -> dataset.takeRowIds(new long[] {0}, List.of()));
        String message = corrupt.getMessage();
        assertTrue(message.startsWith("_versions/") && message.contains(" @ 0: row ids: two rows have id 3: "), message);
    }
}
