// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;

import dev.joust.format.commit.Transaction;
import dev.joust.format.table.TableFiles;

/// Shows a deletion file or a transaction that is named by itself.
final class SingleFile {
    private static final String DELETIONS = "/_deletions/";
    private static final String TRANSACTIONS = "/_transactions/";

    private SingleFile() {}

    /// @return whether the text names such a file
    static boolean show(String text, Resources resources, PrintStream out, boolean asJson) throws IOException {
        int deletions = text.lastIndexOf(DELETIONS);
        if (deletions > 0) {
            Optional<TableFiles.Deletions> file = TableFiles.deletions(
                    resources.store(text.substring(0, deletions)), text.substring(deletions + DELETIONS.length()));
            if (file.isPresent()) {
                show(file.get(), out, asJson);
                return true;
            }
        }
        int transactions = text.lastIndexOf(TRANSACTIONS);
        if (transactions > 0 && text.endsWith(".txn")) {
            show(
                    TableFiles.transaction(
                            resources.store(text.substring(0, transactions)),
                            text.substring(transactions + TRANSACTIONS.length())),
                    out,
                    asJson);
            return true;
        }
        return false;
    }

    private static void show(TableFiles.Deletions deletions, PrintStream out, boolean asJson) throws IOException {
        long[] offsets = deletions.rows().offsetsAscending();
        if (!asJson) {
            out.println("fragment " + deletions.fragmentId() + "  deleted " + offsets.length + ": " + ManifestCommand.ranges(offsets));
            return;
        }
        Json.printObject(out, json -> {
            json.writeNumberField("fragment", deletions.fragmentId());
            json.writeNumberField("read_version", deletions.file().readVersion());
            json.writeArrayFieldStart("deleted_offsets");
            for (long offset : offsets) {
                json.writeNumber(offset);
            }
            json.writeEndArray();
        });
    }

    private static void show(Transaction transaction, PrintStream out, boolean asJson) throws IOException {
        if (!asJson) {
            out.println(transaction.operation().name() + " on version " + transaction.readVersion() + ", " + transaction.uuid());
            transaction.properties().forEach((key, value) -> out.println("  " + key + " = " + value));
            return;
        }
        Json.printObject(out, json -> ManifestJson.writeFields(json, transaction));
    }
}
