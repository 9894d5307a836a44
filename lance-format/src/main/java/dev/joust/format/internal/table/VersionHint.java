// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.OptionalLong;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.json.JsonFields;
import dev.joust.format.internal.json.JsonParser;
import dev.joust.io.ObjectStore;

/// `_versions/latest_version_hint.json`, `{"version":N}`: a version that was the newest once (spec: table format 1.5).
/// Only to look for newer ones from there: it may lag behind, be damaged, or not be there.
final class VersionHint {
    private static final Logger LOG = System.getLogger(VersionHint.class.getName());
    private static final int MAX_FILE_BYTES = 1024;

    private VersionHint() {}

    /// Empty if there is no hint that says anything.
    static OptionalLong read(ObjectStore store) throws IOException {
        try {
            byte[] bytes = store.readAll(TablePaths.VERSION_HINT, MAX_FILE_BYTES);
            long version = new JsonFields(
                            TablePaths.VERSION_HINT,
                            "version hint",
                            JsonParser.parseObject(TablePaths.VERSION_HINT, "version hint", bytes))
                    .requiredNumber("version");
            return version > 0 ? OptionalLong.of(version) : OptionalLong.empty();
        } catch (NoSuchFileException | CorruptFileException e) {
            LOG.log(Level.DEBUG, "no version hint", e);
            return OptionalLong.empty();
        }
    }

    /// On local folders and where listing is slow, as the reference does. Failure is nobody's loss.
    static void write(ObjectStore store, long version) {
        if (store.listsInOrder() && !"file".equals(store.root().getScheme())) {
            return;
        }
        try {
            store.put(TablePaths.VERSION_HINT, ("{\"version\":" + version + "}").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "version hint not written", e);
        }
    }
}
