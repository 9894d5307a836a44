// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.json.JsonValue;
import dev.joust.format.internal.refs.RefCodec;
import dev.joust.format.internal.refs.RefFiles;
import dev.joust.format.internal.refs.VersionFiles;

/// The tags of a table: names for versions, one file each. A change of one is no version of the table. Thread-safe.
public final class Tags {
    private final RefFiles files;
    private final VersionFiles versions;

    Tags(RefFiles files, VersionFiles versions) {
        this.files = files;
        this.versions = versions;
    }

    /// All tags, of all branches, by name. One listing, and a get for each.
    public SortedMap<String, Tag> list() throws IOException {
        SortedMap<String, Tag> tags = new TreeMap<>();
        files.list().forEach((name, object) -> tags.put(name, RefCodec.tag(files.path(name), name, object)));
        return tags;
    }

    /// One get.
    ///
    /// @throws IllegalArgumentException if no tag can have that name
    public Optional<Tag> find(String name) throws IOException {
        RefNames.checkTag(name);
        return files.find(name).map(object -> RefCodec.tag(files.path(name), name, object));
    }

    /// @throws NoSuchRefException if there is no such tag
    public Tag get(String name) throws IOException {
        return find(name).orElseThrow(() -> missing(name));
    }

    /// Names a version. Of any number of callers who use the same name, one succeeds.
    ///
    /// @param branch that the version is one of; null for the main one
    /// @throws RefConflictException if the name is taken
    /// @throws NoSuchRefException   if there is no such version
    public Tag create(String name, @Nullable String branch, long version) throws IOException {
        RefNames.checkNewTag(name);
        Instant now = Instant.now();
        Tag tag = pointing(name, branch, version, now, now, Map.of());
        if (!files.putIfAbsent(name, RefCodec.toJson(tag, null))) {
            throw new RefConflictException("there is a tag '" + name + "' already");
        }
        return tag;
    }

    /// Makes a tag name another version; its metadata stays.
    ///
    /// @throws NoSuchRefException if there is no such tag or version
    public Tag update(String name, @Nullable String branch, long version) throws IOException {
        JsonValue.Obj previous = previous(name);
        Tag before = RefCodec.tag(files.path(name), name, previous);
        Tag tag = pointing(name, branch, version, before.createdAt(), Instant.now(), before.metadata());
        files.put(name, RefCodec.toJson(tag, previous));
        return tag;
    }

    /// Puts other metadata in place of all that a tag has.
    ///
    /// @throws NoSuchRefException if there is no such tag
    public Tag replaceMetadata(String name, Map<String, String> metadata) throws IOException {
        JsonValue.Obj previous = previous(name);
        Tag before = RefCodec.tag(files.path(name), name, previous);
        Tag tag = new Tag(
                name,
                before.branch(),
                before.version(),
                before.createdAt(),
                before.updatedAt(),
                before.manifestSizeBytes(),
                metadata);
        files.put(name, RefCodec.toJson(tag, previous));
        return tag;
    }

    /// @throws NoSuchRefException if there is no such tag
    public void delete(String name) throws IOException {
        previous(name);
        files.delete(name);
    }

    private JsonValue.Obj previous(String name) throws IOException {
        RefNames.checkTag(name);
        return files.find(name).orElseThrow(() -> missing(name));
    }

    private static NoSuchRefException missing(String name) {
        return new NoSuchRefException("no tag '" + name + "'");
    }

    private Tag pointing(
            String name,
            @Nullable String branch,
            long version,
            @Nullable Instant createdAt,
            Instant updatedAt,
            Map<String, String> metadata)
            throws IOException {
        String standard = Branch.nullForMain(branch);
        OptionalLong size = versions.manifestSizeBytes(standard, version);
        return new Tag(
                name,
                standard,
                version,
                createdAt,
                updatedAt,
                size.orElseThrow(() -> Refs.noVersion(standard, version)),
                metadata);
    }
}
