// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

/// Where the row ids, or the versions that rows were made or changed in, of a fragment are (spec: table format 2.4).
public sealed interface StoredSequence {
    /// In the manifest, as the bytes of a `RowIdSequence` or `RowDatasetVersionSequence` message.
    record Inline(Bytes message) implements StoredSequence {}

    /// In a hidden column of one of the fragment's files.
    record InColumn() implements StoredSequence {}
}
