// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.refs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.json.JsonFields;
import dev.joust.format.internal.json.JsonValue;
import dev.joust.format.refs.Branch;
import dev.joust.format.refs.BranchIdentifier;
import dev.joust.format.refs.Tag;
import dev.joust.io.ObjectPath;

/// Tags and branches as the JSON of their files (spec: table format 9). Members that are not known stay in the file when
/// it is written again.
public final class RefCodec {
    private static final String BRANCH = "branch";
    private static final String VERSION = "version";
    private static final String CREATED_AT = "createdAt";
    private static final String UPDATED_AT = "updatedAt";
    private static final String MANIFEST_SIZE = "manifestSize";
    private static final String METADATA = "metadata";
    private static final String PARENT_BRANCH = "parentBranch";
    private static final String IDENTIFIER = "identifier";
    private static final String VERSION_MAPPING = "version_mapping";
    private static final String PARENT_VERSION = "parentVersion";
    private static final String BRANCH_CREATED_AT = "createAt";
    private static final Set<String> OF_TAG =
            Set.of(BRANCH, VERSION, CREATED_AT, UPDATED_AT, MANIFEST_SIZE, METADATA);
    private static final Set<String> OF_BRANCH =
            Set.of(PARENT_BRANCH, IDENTIFIER, PARENT_VERSION, BRANCH_CREATED_AT, MANIFEST_SIZE, METADATA);

    private RefCodec() {}

    public static Tag tag(ObjectPath file, String name, JsonValue.Obj object) {
        JsonFields fields = new JsonFields(file, "tag", object);
        return new Tag(
                name,
                fields.text(BRANCH).orElse(null),
                fields.requiredNumber(VERSION),
                time(fields, CREATED_AT),
                time(fields, UPDATED_AT),
                fields.number(MANIFEST_SIZE).orElse(0L),
                fields.texts(METADATA));
    }

    private static @Nullable Instant time(JsonFields fields, String key) {
        String text = fields.text(key).orElse(null);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw fields.bad("'" + key + "' is no time: '" + text + "'");
        }
    }

    /// @param previous what the file holds now, for what is not known of it; null for a new one
    public static JsonValue.Obj toJson(Tag tag, JsonValue.@Nullable Obj previous) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put(BRANCH, text(tag.branch()));
        members.put(VERSION, unsigned(tag.version()));
        if (tag.createdAt() != null) {
            members.put(CREATED_AT, text(tag.createdAt().toString()));
        }
        if (tag.updatedAt() != null) {
            members.put(UPDATED_AT, text(tag.updatedAt().toString()));
        }
        members.put(MANIFEST_SIZE, unsigned(tag.manifestSizeBytes()));
        members.put(METADATA, texts(tag.metadata()));
        return withOthers(members, previous, OF_TAG);
    }

    public static Branch branch(ObjectPath file, String name, JsonValue.Obj object) {
        JsonFields fields = new JsonFields(file, "branch", object);
        String parent = fields.text(PARENT_BRANCH).orElse(null);
        long version = fields.requiredNumber(PARENT_VERSION);
        long createdAt = fields.requiredNumber(BRANCH_CREATED_AT);
        BranchIdentifier identifier = fields.object(IDENTIFIER)
                .map(each -> new BranchIdentifier(each.pairs(VERSION_MAPPING).stream()
                        .map(pair -> new BranchIdentifier.Fork(pair.getKey(), pair.getValue()))
                        .toList()))
                .orElseGet(() -> BranchIdentifier.ofFileWithout(name, parent, version, createdAt));
        try {
            return new Branch(
                    name,
                    parent,
                    identifier,
                    version,
                    Instant.ofEpochSecond(createdAt),
                    fields.number(MANIFEST_SIZE).orElse(0L),
                    fields.texts(METADATA));
        } catch (DateTimeException e) {
            throw fields.bad("'" + BRANCH_CREATED_AT + "' is no time");
        }
    }

    /// @param previous what the file holds now, for what is not known of it; null for a new one
    public static JsonValue.Obj toJson(Branch branch, JsonValue.@Nullable Obj previous) {
        List<JsonValue> forks = new ArrayList<>();
        for (BranchIdentifier.Fork fork : branch.identifier().forks()) {
            forks.add(new JsonValue.Array(List.of(unsigned(fork.version()), new JsonValue.Text(fork.uuid()))));
        }
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put(PARENT_BRANCH, text(branch.parentBranch()));
        members.put(IDENTIFIER, new JsonValue.Obj(Map.of(VERSION_MAPPING, new JsonValue.Array(forks))));
        members.put(PARENT_VERSION, unsigned(branch.parentVersion()));
        members.put(BRANCH_CREATED_AT, unsigned(branch.createdAt().getEpochSecond()));
        members.put(MANIFEST_SIZE, unsigned(branch.manifestSizeBytes()));
        members.put(METADATA, texts(branch.metadata()));
        return withOthers(members, previous, OF_BRANCH);
    }

    private static JsonValue.Obj withOthers(
            Map<String, JsonValue> members, JsonValue.@Nullable Obj previous, Set<String> known) {
        if (previous != null) {
            Map<String, JsonValue> others = new LinkedHashMap<>(previous.members());
            others.keySet().removeAll(known);
            members.putAll(others);
        }
        return new JsonValue.Obj(members);
    }

    private static JsonValue text(@Nullable String text) {
        return text == null ? JsonValue.NULL : new JsonValue.Text(text);
    }

    private static JsonValue unsigned(long number) {
        return new JsonValue.Num(Long.toUnsignedString(number));
    }

    private static JsonValue texts(Map<String, String> texts) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        texts.forEach((key, value) -> members.put(key, new JsonValue.Text(value)));
        return new JsonValue.Obj(members);
    }
}
