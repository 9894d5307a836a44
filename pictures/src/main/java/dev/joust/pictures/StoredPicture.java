// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

/// What became of a picture that was added.
///
/// @param id      `images/{sha256}.{ext}`: the same bytes have the same id everywhere
/// @param path    where the bytes are: the library's address, `/` and the id
/// @param version of the table, in which the row is there
public record StoredPicture(String id, String path, Status status, long version) {
    public enum Status {
        /// It has a row now and had none before.
        STORED,
        /// It had a row already.
        EXISTS
    }
}
