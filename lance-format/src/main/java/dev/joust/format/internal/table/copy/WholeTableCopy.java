// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.joust.format.internal.table.Parallel;
import dev.joust.format.table.ManifestNaming;
import dev.joust.format.table.TableCopy;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// The order of a copy: first all that versions refer to, then the versions, at last the names of versions. Used once.
public final class WholeTableCopy {
    private static final int FILES_AT_ONCE = 8;
    private static final int MAX_REFERENCE_BYTES = 1 << 20;
    private static final Pattern MANIFEST_SIZE = Pattern.compile("(\"manifestSize\"\\s*:\\s*)([0-9]+)");
    private static final Pattern OUR_OWN = Pattern.compile("(.*/)?\\.joust-(probe|doctor)-.*");

    private final Session session;
    private final ObjectStore source;
    private final ObjectStore target;
    private final TableCopy.Progress progress;
    private final FileCopy files;
    private final ManifestCopy manifests;
    private final List<ObjectMeta> data = new ArrayList<>();
    private final List<ObjectMeta> versions = new ArrayList<>();
    private final List<ObjectMeta> references = new ArrayList<>();
    private final Map<ObjectPath, ObjectMeta> there = new HashMap<>();
    private final AtomicLong fileCount = new AtomicLong();
    private final AtomicLong byteCount = new AtomicLong();
    private final AtomicLong skippedCount = new AtomicLong();
    private final AtomicLong passedBytes = new AtomicLong();
    private long totalBytes;

    public WholeTableCopy(Session session, ObjectStore source, ObjectStore target, TableCopy.Progress progress) {
        this.session = session;
        this.source = source;
        this.target = target;
        this.progress = progress;
        files = new FileCopy(source, target);
        manifests = new ManifestCopy(source, target);
    }

    public TableCopy.Result run() throws IOException {
        if (source.root().equals(target.root())) {
            throw new IllegalArgumentException(source.root() + " can't be copied to itself");
        }
        list();
        checkTarget();
        Parallel.map(session, data, FILES_AT_ONCE, this::copyFile);
        // What readers take for the newest version comes last, of the main branch as of others
        Parallel.map(session, versions.subList(0, versions.size() - 1), FILES_AT_ONCE, this::copyManifest);
        copyManifest(versions.getLast());
        for (ObjectMeta reference : references) {
            copyReference(reference);
        }
        return new TableCopy.Result(
                fileCount.get(), byteCount.get(), skippedCount.get(), versions.size(), manifests.basesElsewhere());
    }

    private void list() throws IOException {
        List<ObjectMeta> mainVersions = new ArrayList<>();
        List<ObjectMeta> all = source.list(ObjectPath.ROOT);
        for (ObjectMeta object : all) {
            String path = object.path().value();
            if (path.endsWith("_versions/latest_version_hint.json") || OUR_OWN.matcher(path).matches()) {
                continue;
            }
            totalBytes += object.sizeBytes();
            if (path.startsWith("_refs/")) {
                references.add(object);
            } else if (!isManifest(object.path())) {
                data.add(object);
            } else if (path.startsWith("_versions/")) {
                mainVersions.add(object);
            } else {
                versions.add(object);
            }
        }
        if (mainVersions.isEmpty()) {
            throw new IllegalArgumentException("no table at " + source.root());
        }
        mainVersions.sort(java.util.Comparator.comparingLong(meta -> version(meta.path())));
        versions.addAll(mainVersions);
        target.list(ObjectPath.ROOT).forEach(object -> there.put(object.path(), object));
    }

    private static boolean isManifest(ObjectPath path) {
        String value = path.value();
        return (value.startsWith("_versions/") || value.contains("/_versions/"))
                && ManifestNaming.versionOf(path.fileName()).isPresent();
    }

    private static long version(ObjectPath path) {
        return ManifestNaming.versionOf(path.fileName()).orElseThrow();
    }

    /// Nothing is put where another table is: the oldest and newest versions that both have say whether it is this one.
    private void checkTarget() throws IOException {
        long newest = version(versions.getLast().path());
        for (ObjectPath path : there.keySet()) {
            if (path.value().startsWith("_versions/") && isManifest(path) && version(path) > newest) {
                throw new IllegalArgumentException(target.root() + " holds another table, or a copy that was written to: it has version "
                        + version(path) + ", and the table to copy only " + newest);
            }
        }
        List<ObjectMeta> common = versions.stream()
                .filter(meta -> meta.path().value().startsWith("_versions/") && there.containsKey(meta.path()))
                .toList();
        if (!common.isEmpty()) {
            manifests.copy(common.getFirst());
            manifests.copy(common.getLast());
        } else if (there.keySet().stream().anyMatch(path -> path.value().startsWith("_versions/") && isManifest(path))) {
            throw new IllegalArgumentException(target.root() + " holds another table");
        }
    }

    private boolean copyFile(ObjectMeta file) throws IOException {
        ObjectMeta before = there.get(file.path());
        if (before != null && files.isThere(file, before)) {
            skippedCount.incrementAndGet();
        } else {
            try {
                files.copy(file);
            } catch (NoSuchFileException e) {
                throw new IOException(file.path() + " of " + source.root()
                        + " was deleted while the table was copied; call it again to copy what the table is now", e);
            }
            fileCount.incrementAndGet();
            byteCount.addAndGet(file.sizeBytes());
        }
        return passed(file);
    }

    private boolean passed(ObjectMeta file) {
        progress.copied(passedBytes.addAndGet(file.sizeBytes()), totalBytes);
        return true;
    }

    private boolean copyManifest(ObjectMeta manifest) throws IOException {
        ObjectMeta before = there.get(manifest.path());
        if (before != null && before.sizeBytes() == manifest.sizeBytes()) {
            skippedCount.incrementAndGet();
        } else if (manifests.copy(manifest)) {
            skippedCount.incrementAndGet();
        } else {
            fileCount.incrementAndGet();
            byteCount.addAndGet(manifest.sizeBytes());
        }
        return passed(manifest);
    }

    /// Tags and branches may have moved since an earlier copy.
    private void copyReference(ObjectMeta reference) throws IOException {
        byte[] bytes = source.readAll(reference.path(), MAX_REFERENCE_BYTES);
        target.put(reference.path(), withSizeInCopy(bytes));
        fileCount.incrementAndGet();
        byteCount.addAndGet(bytes.length);
        passed(reference);
    }

    /// A tag says how long the manifest is, which that of a branch may not be any more: see {@link ManifestCopy}.
    private byte[] withSizeInCopy(byte[] reference) throws IOException {
        String text = new String(reference, UTF_8);
        Matcher size = MANIFEST_SIZE.matcher(text);
        if (!size.find()) {
            return reference;
        }
        long before = Long.parseLong(size.group(2));
        Matcher branch = Pattern.compile("\"branch\"\\s*:\\s*\"([^\"\\\\]+)\"").matcher(text);
        Matcher version = Pattern.compile("\"version\"\\s*:\\s*([0-9]{1,18})").matcher(text);
        if (!branch.find() || !version.find()) {
            return reference;
        }
        for (ManifestNaming naming : ManifestNaming.values()) {
            ObjectPath path = ObjectPath.of("tree/" + branch.group(1) + "/_versions/"
                    + naming.fileName(Long.parseLong(version.group(1))));
            try {
                long now = target.head(path).sizeBytes();
                return now == before ? reference : size.replaceFirst("$1" + now).getBytes(UTF_8);
            } catch (NoSuchFileException e) {
                // named in the other way, or not there in the source either
            }
        }
        return reference;
    }
}
