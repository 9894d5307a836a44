// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.util.Set;

import dev.joust.http.json.StatsBody;
import dev.joust.http.json.VersionsBody;
import dev.joust.pictures.PictureLibrary;

/// What the table behind the pictures holds, and held. Thread-safe.
public final class TableEndpoints {
    /// What versions may be asked by.
    public static final Set<String> VERSIONS = Set.of("limit");

    private static final int MAX_VERSIONS = 1000;
    private static final int DEFAULT_VERSIONS = 200;

    private final PictureLibrary library;
    private final WriteAccess access;

    public TableEndpoints(PictureLibrary library, WriteAccess access) {
        this.library = library;
        this.access = access;
    }

    public Answer stats(Call call) {
        boolean toyModel = library.model().folder().isBuiltIn();
        return Answer.json(
                200, new StatsBody(library.stats(), library.vectorColumns(), access.readOnly(), toyModel));
    }

    /// The newest versions of the table, oldest first.
    public Answer versions(Call call) {
        int most = call.queryInt("limit", 1, MAX_VERSIONS, DEFAULT_VERSIONS);
        return Answer.json(200, new VersionsBody(library.versions(most).reversed()));
    }
}
