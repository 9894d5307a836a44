// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.nio.file.Path;

/// all-MiniLM-L6-v2, where `.ci/install-minilm` laid it out; it is too large to come with every build.
public final class MiniLm {
    private MiniLm() {}

    /// The folder, there or not: `-Djoust.minilm=FOLDER`, or `.build/minilm` of the checkout.
    public static Path folder() {
        return Path.of(System.getProperty("joust.minilm", "../.build/minilm"));
    }
}
