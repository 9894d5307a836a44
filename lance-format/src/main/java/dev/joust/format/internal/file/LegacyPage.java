// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import dev.joust.format.CorruptFileException;
import dev.joust.io.ByteRange;
import dev.joust.io.ObjectPath;

/// The values of one field in one batch of a 0.1 file, or of one of its dictionaries (spec: legacy format 2.2).
///
/// @param name     of the page, for errors
/// @param position offset in the file of its values, of the positions of strings, or of the offsets of lists
/// @param length   values in it, not bytes; for lists one more than there are
/// @param limit    end of the part of the file that its bytes lie in
public record LegacyPage(ObjectPath file, String name, long position, long length, long limit) {
    /// Bytes `[from, to)`, counted from where the page starts.
    public ByteRange bytes(long from, long to) {
        if (from < 0 || to < from || to > limit - position) {
            throw corrupt("bytes " + from + " to " + to + " reach past " + limit + ", where pages end");
        }
        return new ByteRange(position + from, to - from);
    }

    /// Entries `[from, to)` of `widthBytes` each.
    public ByteRange entries(long from, long to, int widthBytes) {
        if (from < 0 || to < from || to > (limit - position) / widthBytes) {
            throw corrupt("entries " + from + " to " + to + " of " + widthBytes + " bytes reach past " + limit
                    + ", where pages end");
        }
        return new ByteRange(position + from * widthBytes, (to - from) * widthBytes);
    }

    /// Fails if it has not `count` values.
    public void require(long count) {
        if (count > length) {
            throw corrupt(count + " values wanted, it has " + length);
        }
    }

    public CorruptFileException corrupt(String problem) {
        return new CorruptFileException(file, position, name, problem);
    }
}
