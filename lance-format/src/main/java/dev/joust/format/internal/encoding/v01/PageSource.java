// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import dev.joust.format.internal.file.LegacyPage;

/// The pages of one field, a page per batch of the file. Thread-safe.
interface PageSource {
    LegacyPage page(int batch);

    /// Where the page ends that was written before that of `batch`.
    long endBefore(int batch);
}
