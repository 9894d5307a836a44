// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import dev.joust.embed.ClipModel;
import dev.joust.io.store.MemoryObjectStore;

/// For tests of an empty library in memory, a new one for each.
abstract class InMemoryLibrary {
    /// Stays open: opening one takes longer than most tests.
    static final ClipModel MODEL = ClipModel.openDefault();

    final MemoryObjectStore store = new MemoryObjectStore();
    PictureLibrary library;

    @BeforeEach
    final void open() {
        library = PictureLibrary.open("memory://test", store, MODEL);
    }

    @AfterEach
    final void close() {
        library.close();
    }
}
