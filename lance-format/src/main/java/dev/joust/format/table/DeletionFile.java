// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import org.jspecify.annotations.Nullable;

/// The file that lists the deleted rows of one fragment (spec: table format 2.2, 5). Never changed: a further delete
/// writes a new one that holds the old rows too.
///
/// @param readVersion     version its writer had read; part of the name only
/// @param id              random, unsigned; part of the name only
/// @param deletedRowCount rows listed in it; 0 where an old writer left it out
/// @param baseId          key into {@link Manifest#basePaths()}; null means the table itself, 0 is a real id
/// @param unmodelled      fields of the message not named here
public record DeletionFile(
        Encoding encoding,
        long readVersion,
        long id,
        long deletedRowCount,
        @Nullable Integer baseId,
        Bytes unmodelled) {
    /// How the rows are listed.
    public enum Encoding {
        /// Arrow IPC file of one `uint32` column.
        ARROW("arrow"),
        /// Portable 32-bit Roaring bitmap.
        BITMAP("bin");

        private final String suffix;

        Encoding(String suffix) {
            this.suffix = suffix;
        }

        /// End of the file's name, without the dot.
        public String suffix() {
            return suffix;
        }
    }

    public DeletionFile withDeletedRowCount(long newDeletedRowCount) {
        return new DeletionFile(encoding, readVersion, id, newDeletedRowCount, baseId, unmodelled);
    }

    public DeletionFile withBaseId(@Nullable Integer newBaseId) {
        return new DeletionFile(encoding, readVersion, id, deletedRowCount, newBaseId, unmodelled);
    }

    /// Name below `_deletions/`.
    public String fileName(long fragmentId) {
        return fragmentId + "-" + readVersion + "-" + Long.toUnsignedString(id) + "." + encoding.suffix();
    }
}
