// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.format.internal.file.MapEntriesCodec;
import dev.joust.format.internal.proto.file.Field;
import dev.joust.format.internal.proto.table.BasePath;
import dev.joust.format.internal.proto.table.DataFile;
import dev.joust.format.internal.proto.table.DataFragment;
import dev.joust.format.internal.proto.table.IndexFile;
import dev.joust.format.internal.proto.table.IndexMetadata;
import dev.joust.format.internal.proto.table.IndexSection;
import dev.joust.format.internal.proto.table.Manifest;
import dev.joust.format.internal.table.Injection;
import dev.joust.format.table.ManifestNaming;

/// Whatever a later release puts into any message of a manifest is there after a commit of any kind, unless the commit
/// replaces the thing itself. (The reference drops such fields.)
class UnknownThingsTest {
    private static final int FOOTER_BYTES = 16;

    /// Operations, as {@link CommitLoop} names them, and what they do away with.
    private static final List<String> OPERATIONS = List.of(
            "append",
            "delete 1 3",
            "delete_fragment 2",
            "update 1 3",
            "update 1 3 777",
            "update_columns 1",
            "create_index y 0 0",
            "rewrite 1 2",
            "merge null",
            "merge file",
            "merge anew",
            "reserve 3",
            "project drop",
            "project rename",
            "config k v",
            "table_metadata k v",
            "schema_metadata k v",
            "field_metadata 0 k v",
            "replace 1",
            "bases 7 n /elsewhere",
            "overwrite",
            "restore 5",
            "clone");

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyCommitKeepsWhatNobodyKnows() throws IOException {
        try (CommitLoop loop = new CommitLoop()) {
            make(loop, "plain");
            make(loop, "stable");
        }
        return Stream.of("plain", "stable").flatMap(kind -> OPERATIONS.stream()
                .map(operation ->
                        DynamicTest.dynamicTest(operation + " of a " + kind + " table", () -> check(kind, operation))));
    }

    /// Five versions, the last with everything that a manifest can hold and unknown fields in all of it.
    private void make(CommitLoop loop, String kind) throws IOException {
        Path table = folder.resolve(kind);
        loop.run("create", table.toString(), kind, "4");
        loop.run("commit", table.toString(), "1", "delete", "0", "3");
        loop.run("commit", table.toString(), "2", "create_index", "x", "2", "0", "1", "3");
        loop.run("commit", table.toString(), "3", "bases", "3", "far", "/far");
        loop.run("commit", table.toString(), "4", "config", "unknown.key", "kept");
        Opened file = Opened.at(table, 5);
        IndexSection.Builder indices = file.indices().toBuilder();
        indices.getIndicesBuilder(0).addFiles(IndexFile.newBuilder().setPath("index.bin").setSizeBytes(12));
        Files.write(
                path(table, 5),
                file.with(
                        Injection.into(file.manifest()),
                        Injection.into(indices.build())));
    }

    private static Path path(Path table, long version) {
        return table.resolve("_versions").resolve(ManifestNaming.V2.fileName(version));
    }

    private void check(String kind, String operation) throws IOException {
        String name = kind + "_" + operation.replace(' ', '_').replace('/', '-');
        Path table = folder.resolve(name);
        copy(folder.resolve(kind), table);
        Opened before = Opened.at(table, 5);
        List<String> request = new ArrayList<>(List.of("commit", table.toString(), "5"));
        request.addAll(Arrays.asList(operation.split(" ")));
        Path changed = table;
        if (operation.equals("clone")) {
            changed = folder.resolve(name + "_target");
            request.add(changed.toString());
        }
        long version;
        try (CommitLoop loop = new CommitLoop()) {
            version = loop.run(request.toArray(String[]::new));
        }
        Opened after = Opened.at(changed, version);
        assertTrue(Injection.isIn(after.manifest()), "manifest");
        assertTrue(Injection.isIn(after.manifest().getDataFormat()), "data format");
        assertEquals("kept", MapEntriesCodec.text(after.manifest().getConfigList()).get("unknown.key"));
        if (operation.equals("overwrite")) {
            // Nothing else is of the table that was there
            assertTrue(after.manifest().getBasePathsList().stream().anyMatch(Injection::isIn));
            return;
        }
        checkKept(before.manifest(), after.manifest(), operation);
        checkIndices(before.indices(), after.indices(), operation);
    }

    private static void checkKept(Manifest before, Manifest after, String operation) {
        Map<Integer, Field> fields = byKey(after.getFieldsList(), Field::getId);
        before.getFieldsList().forEach(field -> {
            Field kept = fields.get(field.getId());
            if (kept == null) {
                assertEquals("project drop", operation);
            } else {
                assertEquals(List.of(), Injection.missing(kept, "field " + field.getName()));
            }
        });
        Map<Integer, BasePath> bases = byKey(after.getBasePathsList(), BasePath::getId);
        before.getBasePathsList().forEach(base -> assertTrue(Injection.isIn(bases.get(base.getId()))));
        int kept = 0;
        Map<Long, DataFragment> fragments = byKey(after.getFragmentsList(), DataFragment::getId);
        for (DataFragment fragment : before.getFragmentsList()) {
            DataFragment now = fragments.get(fragment.getId());
            if (now == null) {
                continue;
            }
            kept++;
            assertTrue(Injection.isIn(now), "fragment " + fragment.getId());
            Map<String, DataFile> files = byKey(now.getFilesList(), DataFile::getPath);
            for (DataFile file : fragment.getFilesList()) {
                if (files.containsKey(file.getPath())) {
                    assertTrue(Injection.isIn(files.get(file.getPath())), "file " + file.getPath());
                } else {
                    assertTrue(operation.startsWith("merge anew") || operation.startsWith("replace"), operation);
                }
            }
            if (fragment.hasDeletionFile()) {
                assertTrue(Injection.isIn(now.getDeletionFile()), "deletion file of fragment " + fragment.getId());
            }
        }
        assertFalse(kept == 0, "no fragment was kept");
    }

    private static void checkIndices(IndexSection before, IndexSection after, String operation) {
        assertTrue(Injection.isIn(after), "index section");
        IndexMetadata known = before.getIndices(0);
        IndexMetadata kept = after.getIndicesList().stream()
                .filter(index -> index.getUuid().equals(known.getUuid()))
                .findFirst()
                .orElseThrow();
        IndexMetadata.Builder expected = known.toBuilder();
        if (!kept.getFragmentBitmap().equals(known.getFragmentBitmap())) {
            assertTrue(
                    List.of("update_columns 1", "rewrite 1 2", "merge anew", "replace 1").contains(operation),
                    () -> operation + " changed what the index covers");
            expected.setFragmentBitmap(kept.getFragmentBitmap());
        }
        if (operation.equals("clone")) {
            expected.setBaseId(kept.getBaseId());
        }
        // An index of a kind that nobody knows: to the byte
        assertEquals(expected.build().toByteString(), kept.toByteString());
        assertEquals(List.of(), Injection.missing(kept, "index"));
    }

    private static <K, V> Map<K, V> byKey(List<V> values, Function<V, K> key) {
        return values.stream().collect(Collectors.toMap(key, value -> value, (first, _) -> first));
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.toList();
        }
        for (Path path : all) {
            Files.copy(path, to.resolve(from.relativize(path).toString()));
        }
    }

    /// A manifest file, section by section.
    private record Opened(Manifest manifest, IndexSection indices, byte[] transaction) {
        static Opened at(Path table, long version) throws IOException {
            byte[] bytes = Files.readAllBytes(path(table, version));
            ByteBuffer little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            Manifest manifest = Manifest.parseFrom(section(little, little.getLong(bytes.length - FOOTER_BYTES)));
            return new Opened(
                    manifest,
                    manifest.hasIndexSection()
                            ? IndexSection.parseFrom(section(little, manifest.getIndexSection()))
                            : IndexSection.getDefaultInstance(),
                    section(little, manifest.getTransactionSection()));
        }

        private static byte[] section(ByteBuffer file, long offset) {
            byte[] section = new byte[file.getInt((int) offset)];
            file.get((int) offset + Integer.BYTES, section);
            return section;
        }

        byte[] with(Manifest newManifest, IndexSection newIndices) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            write(file, newIndices.toByteArray());
            int transactionOffset = file.size();
            write(file, transaction);
            int position = file.size();
            write(
                    file,
                    newManifest.toBuilder()
                            .setIndexSection(0)
                            .setTransactionSection(transactionOffset)
                            .build()
                            .toByteArray());
            file.writeBytes(ByteBuffer.allocate(FOOTER_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(position)
                    .putShort((short) 0)
                    .putShort((short) 2)
                    .put(new byte[] {'L', 'A', 'N', 'C'})
                    .array());
            return file.toByteArray();
        }

        private static void write(ByteArrayOutputStream file, byte[] section) {
            file.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(section.length)
                    .array());
            file.writeBytes(section);
        }
    }
}
