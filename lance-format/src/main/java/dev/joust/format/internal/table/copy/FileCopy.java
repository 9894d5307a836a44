// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.copy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectWriter;

/// Copies single files between stores, and checks them: the length always, and the MD5 digest where a store's entity tags
/// are digests, which those of objects put at once usually are. Thread-safe.
final class FileCopy {
    private static final int CHUNK_BYTES = 4 << 20;
    private static final Pattern DIGEST = Pattern.compile("\"?([0-9a-f]{32})\"?");

    private final ObjectStore source;
    private final ObjectStore target;
    /// Stores found to have entity tags that look like digests but are none (encrypted buckets do).
    private final Map<ObjectStore, Boolean> withoutDigests = new ConcurrentHashMap<>();

    FileCopy(ObjectStore source, ObjectStore target) {
        this.source = source;
        this.target = target;
    }

    /// Whether a file of the target is taken for a finished copy: files of a table never change under their names, and appear
    /// when they are whole.
    boolean isThere(ObjectMeta from, ObjectMeta there) {
        if (from.sizeBytes() != there.sizeBytes()) {
            return false;
        }
        Optional<String> digest = digestOf(source, from);
        Optional<String> digestThere = digestOf(target, there);
        return digest.isEmpty() || digestThere.isEmpty() || digest.equals(digestThere);
    }

    private Optional<String> digestOf(ObjectStore store, ObjectMeta meta) {
        if (meta.identity() == null || withoutDigests.containsKey(store)) {
            return Optional.empty();
        }
        Matcher matcher = DIGEST.matcher(meta.identity());
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /// @throws IOException if what was read or written is not what the stores say it is
    void copy(ObjectMeta from) throws IOException {
        ObjectPath path = from.path();
        MessageDigest digest = newDigest();
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, from.sizeBytes())];
        try (ObjectWriter writer = target.create(path)) {
            for (long done = 0; done < from.sizeBytes(); done += chunk.length) {
                MemorySegment part = MemorySegment.ofArray(chunk).asSlice(0, Math.min(chunk.length, from.sizeBytes() - done));
                source.read(path, done, part);
                digest.update(chunk, 0, (int) part.byteSize());
                writer.write(part);
            }
            writer.finish();
        }
        String copied = HexFormat.of().formatHex(digest.digest());
        check(source, from, copied, from.sizeBytes());
        check(target, target.head(path), copied, from.sizeBytes());
    }

    private void check(ObjectStore store, ObjectMeta meta, String digest, long sizeBytes) throws IOException {
        if (meta.sizeBytes() != sizeBytes) {
            throw new IOException(meta.path() + " in " + store.root() + ": " + meta.sizeBytes() + " bytes, " + sizeBytes + " expected");
        }
        Optional<String> claimed = digestOf(store, meta);
        if (claimed.isEmpty() || claimed.get().equals(digest)) {
            return;
        }
        // A tag of another kind, or other bytes: reading once more tells
        String again = digestOfBytes(store, meta);
        if (!again.equals(digest)) {
            throw new IOException(meta.path() + " in " + store.root() + ": not the bytes that were copied");
        }
        withoutDigests.put(store, true);
    }

    private static String digestOfBytes(ObjectStore store, ObjectMeta meta) throws IOException {
        MessageDigest digest = newDigest();
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, meta.sizeBytes())];
        for (long done = 0; done < meta.sizeBytes(); done += chunk.length) {
            MemorySegment part = MemorySegment.ofArray(chunk).asSlice(0, Math.min(chunk.length, meta.sizeBytes() - done));
            store.read(meta.path(), done, part);
            digest.update(chunk, 0, (int) part.byteSize());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
