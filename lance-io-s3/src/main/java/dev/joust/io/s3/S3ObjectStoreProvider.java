// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.joust.io.FirstClasses;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStoreProvider;
import dev.joust.io.StoreCheck;

/// Opens `s3://bucket/prefix`.
public final class S3ObjectStoreProvider implements ObjectStoreProvider {
    private static final String FIRST_CLASSES = "dev/joust/io/s3/first-classes.txt";

    @Override
    public Set<String> schemes() {
        return Set.of("s3");
    }

    @Override
    public ObjectStore open(URI uri, Map<String, String> options) {
        FirstClasses.load(S3ObjectStoreProvider.class, FIRST_CLASSES);
        return S3ObjectStore.open(uri, S3Options.of(options, System::getenv));
    }

    @Override
    public List<StoreCheck> examine(URI uri, Map<String, String> options, boolean mayWrite) {
        return S3Examination.of(uri, options, System::getenv, mayWrite);
    }
}
