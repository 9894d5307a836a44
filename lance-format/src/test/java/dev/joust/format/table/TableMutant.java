// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.joust.format.file.ByteMutator;
import dev.joust.format.file.MessageMutator;
import dev.joust.format.internal.proto.table.DataFragment;
import dev.joust.io.ObjectPath;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// One version of a golden table with one of its files damaged.
///
/// @param version  the version
/// @param damage   which file
/// @param changed  path of that file
/// @param store    the table with that file changed and no other version
/// @param sizeBytes of all its files
record TableMutant(Version version, Damage damage, String changed, MemoryObjectStore store, long sizeBytes) {
    private static final long MAX_TABLE_BYTES = 100_000;
    private static final String VERSIONS = "_versions/";
    private static final String TRANSACTIONS = "_transactions/";
    private static final String DELETIONS = "_deletions/";

    enum Damage {
        MANIFEST,
        /// In the manifest.
        ROW_IDS,
        /// Which no row depends on.
        TRANSACTION,
        DELETIONS
    }

    /// @param files    of the whole table, by path
    /// @param manifest path of the version's manifest
    record Version(String table, Map<String, byte[]> files, String manifest) {
        byte[] manifestBytes() {
            return java.util.Objects.requireNonNull(files.get(manifest));
        }

        long number() {
            return ManifestNaming.versionOf(manifest.substring(VERSIONS.length())).orElseThrow();
        }

        /// Stores the version with other bytes as its manifest.
        MemoryObjectStore store(byte[] manifestBytes, ManifestNaming naming) {
            MemoryObjectStore store = new MemoryObjectStore();
            files.forEach((path, bytes) -> {
                if (!path.startsWith(VERSIONS)) {
                    store.put(ObjectPath.of(path), bytes);
                }
            });
            store.put(ObjectPath.of(VERSIONS + naming.fileName(number())), manifestBytes);
            return store;
        }

        @Override
        public String toString() {
            return table + " version " + number();
        }
    }

    /// The files that are damaged, by kind: those that a version reads.
    ///
    /// @param sequences versions with row ids
    record Originals(
            List<Version> manifests, List<Version> sequences, List<Target> transactions, List<Target> deletions) {
        record Target(Version version, String path) {}

        /// Every version of every golden table that is read.
        static Originals golden() throws IOException {
            Originals all = new Originals(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (GoldenTable table : GoldenTables.all(GoldenTable.Reading.NOW)) {
                Map<String, byte[]> files = filesOf(table);
                if (files.values().stream().mapToLong(file -> file.length).sum() > MAX_TABLE_BYTES) {
                    continue; // many values, which DamagedFilesTest damages
                }
                for (String path : files.keySet()) {
                    if (path.startsWith(VERSIONS)
                            && ManifestNaming.versionOf(path.substring(VERSIONS.length())).isPresent()) {
                        all.add(new Version(table.toString(), files, path));
                    }
                }
            }
            return all;
        }

        private void add(Version version) throws IOException {
            manifests.add(version);
            ManifestMutator manifest = new ManifestMutator(version.manifestBytes(), new Random(0));
            if (manifest.manifest().getFragmentsList().stream().anyMatch(DataFragment::hasInlineRowIds)) {
                sequences.add(version);
            }
            if (manifest.hasTransaction()) {
                transactions.add(new Target(version, version.manifest()));
            }
            String file = TRANSACTIONS + manifest.manifest().getTransactionFile();
            if (version.files().containsKey(file)) {
                transactions.add(new Target(version, file));
            }
            for (var fragment : manifest.manifest().getFragmentsList()) {
                String start = DELETIONS + fragment.getId() + "-" + fragment.getDeletionFile().getReadVersion() + "-"
                        + Long.toUnsignedString(fragment.getDeletionFile().getId()) + ".";
                version.files().keySet().stream()
                        .filter(path -> fragment.hasDeletionFile() && path.startsWith(start))
                        .forEach(path -> deletions.add(new Target(version, path)));
            }
        }
    }

    private static Map<String, byte[]> filesOf(GoldenTable table) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(table.table())) {
            paths.filter(Files::isRegularFile).forEach(path -> {
                try {
                    files.put(table.table().relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return files;
    }

    /// The mutant of a seed. Half of them have another manifest; names of manifests follow either scheme.
    static TableMutant of(Originals originals, Random random) throws IOException {
        ManifestNaming naming = random.nextBoolean() ? ManifestNaming.V1 : ManifestNaming.V2;
        return switch (random.nextInt(8)) {
            case 0 -> transaction(any(originals.transactions(), random), naming, random);
            case 1 -> {
                Version version = any(originals.sequences(), random);
                byte[] changed = new ManifestMutator(version.manifestBytes(), random).withSequenceChanged();
                yield of(version, Damage.ROW_IDS, version.manifest(), changed, version.store(changed, naming));
            }
            case 2, 3 -> deletions(any(originals.deletions(), random), naming, random);
            default -> {
                Version version = any(originals.manifests(), random);
                byte[] changed = new ManifestMutator(version.manifestBytes(), random).mutant();
                yield of(version, Damage.MANIFEST, version.manifest(), changed, version.store(changed, naming));
            }
        };
    }

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    private static TableMutant transaction(Originals.Target target, ManifestNaming naming, Random random)
            throws IOException {
        Version version = target.version();
        ManifestMutator manifest = new ManifestMutator(version.manifestBytes(), random);
        if (target.path().equals(version.manifest())) {
            byte[] changed = manifest.transactionMutant();
            return of(version, Damage.TRANSACTION, target.path(), changed, version.store(changed, naming));
        }
        byte[] changed = ManifestMutator.transactionMutant(bytes(target), random);
        MemoryObjectStore store = version.store(manifest.withoutTransaction(), naming);
        store.put(ObjectPath.of(target.path()), changed);
        return of(version, Damage.TRANSACTION, target.path(), changed, store);
    }

    private static TableMutant deletions(Originals.Target target, ManifestNaming naming, Random random) {
        byte[] original = bytes(target);
        List<Integer> borders = new ArrayList<>(List.of(0, 4, 8, 12, 16, original.length - 10, original.length - 6));
        if (target.path().endsWith(".arrow")) {
            // fields of the record batch's message, where the reference puts them
            borders.addAll(List.of(168, 176, 200, 208, 248, 264, original.length - 100));
        }
        MemoryObjectStore store = target.version().store(target.version().manifestBytes(), naming);
        byte[] changed =
                new ByteMutator(random, new MessageMutator(random), borders).changed(original, 0, original.length);
        store.put(ObjectPath.of(target.path()), changed);
        return of(target.version(), Damage.DELETIONS, target.path(), changed, store);
    }

    private static byte[] bytes(Originals.Target target) {
        return java.util.Objects.requireNonNull(target.version().files().get(target.path()));
    }

    private static TableMutant of(
            Version version, Damage damage, String changed, byte[] bytes, MemoryObjectStore store) {
        long sizeBytes = bytes.length;
        for (byte[] file : version.files().values()) {
            sizeBytes += file.length;
        }
        return new TableMutant(version, damage, changed, store, sizeBytes);
    }

    @Override
    public String toString() {
        return version + ", " + changed;
    }
}
