// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.joust.format.CorruptFileException;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;

/// Reads tags (spec: table format 9): `_refs/tags/NAME.json` holds `{"branch": null, "version": 2, ...}`.
final class Tags {
    private static final ObjectPath FOLDER = ObjectPath.of("_refs/tags");
    private static final String ENDING = ".json";
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final JsonFactory JSON = new JsonFactory();

    private Tags() {}

    /// The version that a number or tag names.
    ///
    /// @throws IllegalArgumentException if there is no such tag
    static long resolve(ObjectStore store, String versionOrTag) throws IOException {
        if (versionOrTag.matches("[0-9]{1,18}")) {
            return Long.parseLong(versionOrTag);
        }
        if (!NAME.matcher(versionOrTag).matches()) {
            throw new IllegalArgumentException("no version or tag '" + versionOrTag + "'");
        }
        try {
            return read(store, versionOrTag);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("no tag '" + versionOrTag + "'", e);
        }
    }

    /// All tags of the main branch with their versions, by name.
    static Map<String, Long> all(ObjectStore store) throws IOException {
        Map<String, Long> versionByName = new TreeMap<>();
        for (String file : store.listNames(FOLDER)) {
            if (file.endsWith(ENDING)) {
                String name = file.substring(0, file.length() - ENDING.length());
                versionByName.put(name, read(store, name));
            }
        }
        return versionByName;
    }

    private static long read(ObjectStore store, String name) throws IOException {
        ObjectPath file = FOLDER.resolve(name + ENDING);
        byte[] bytes = store.readAll(file, MAX_FILE_BYTES);
        long version = -1;
        try (JsonParser json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new CorruptFileException(file, 0, "tag", "an object was expected");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                if (key.equals("version") && value == JsonToken.VALUE_NUMBER_INT) {
                    version = json.getLongValue();
                } else if (key.equals("branch") && value == JsonToken.VALUE_STRING) {
                    throw UsageException.notAvailable("tag '" + name + "' on branch " + json.getText() + ": branches");
                } else {
                    json.skipChildren();
                }
            }
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new CorruptFileException(file.value() + ": tag: " + e.getOriginalMessage(), e);
        }
        if (version < 0) {
            throw new CorruptFileException(file, 0, "tag", "no version in it");
        }
        return version;
    }
}
