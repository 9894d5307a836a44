// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.joust.format.commit.Transaction;
import dev.joust.format.internal.table.DeletionFiles;
import dev.joust.format.internal.table.MessageSource;
import dev.joust.format.internal.table.TablePaths;
import dev.joust.format.internal.table.TransactionCodec;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;

/// Single files of a table by their names, for who looks into them; reading a table needs none of this.
public final class TableFiles {
    private static final Pattern DELETIONS = Pattern.compile("([0-9]{1,10})-([0-9]{1,19})-([0-9]{1,20})\\.(arrow|bin)");
    private static final int MAX_FILE_BYTES = 1 << 30;

    private TableFiles() {}

    /// A deletion file, as its name and content say it.
    ///
    /// @param fragmentId of the fragment whose rows are deleted
    public record Deletions(long fragmentId, DeletionFile file, DeletionVector rows) {}

    /// @param tableStore rooted at the table
    /// @param fileName   below `_deletions/`
    /// @return empty if no deletion file is named so
    public static Optional<Deletions> deletions(ObjectStore tableStore, String fileName) throws IOException {
        Matcher name = DELETIONS.matcher(fileName);
        if (!name.matches()) {
            return Optional.empty();
        }
        DeletionFile file = new DeletionFile(
                name.group(4).equals("bin") ? DeletionFile.Encoding.BITMAP : DeletionFile.Encoding.ARROW,
                Long.parseUnsignedLong(name.group(2)),
                Long.parseUnsignedLong(name.group(3)),
                0,
                null,
                Bytes.EMPTY);
        ObjectPath path = TablePaths.DELETIONS.resolve(fileName);
        DeletionVector rows = DeletionFiles.parseUnknown(path, tableStore.readAll(path, MAX_FILE_BYTES), file);
        return Optional.of(new Deletions(Long.parseLong(name.group(1)), file, rows));
    }

    /// @param tableStore rooted at the table
    /// @param fileName   below `_transactions/`
    public static Transaction transaction(ObjectStore tableStore, String fileName) throws IOException {
        ObjectPath path = TablePaths.TRANSACTIONS.resolve(fileName);
        return TransactionCodec.parse(tableStore.readAll(path, MAX_FILE_BYTES), new MessageSource(path, 0));
    }
}
