// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

/// What a scan or take answers for blob columns.
public enum BlobHandling {
    /// Where each blob lies: `struct<position, size>`, or `struct<kind, position, size, blob_id, blob_uri>` of columns of
    /// the extension `lance.blob.v2`. No blob is read. The default; {@link Dataset#takeBlobs} reads single ones.
    DESCRIPTORS,

    /// The bytes, as `large_binary`. All blobs of a batch are in memory at once.
    BYTES
}
