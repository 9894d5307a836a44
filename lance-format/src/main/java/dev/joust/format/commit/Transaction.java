// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.Map;
import java.util.UUID;

import dev.joust.format.table.Bytes;

/// One change of a table, as it is committed (spec: table format 3.1).
///
/// @param readVersion version that the writer had before it; 0 for one that creates the table
/// @param uuid        who made which version: told apart by this alone
/// @param properties  for people and tools, such as a commit message
/// @param unmodelled  fields of the message not named here; with {@link Operation.Unknown} the operation is in it
public record Transaction(
        long readVersion,
        String uuid,
        String tag,
        Map<String, String> properties,
        Operation operation,
        Bytes unmodelled) {
    /// Key of the commit message among the properties.
    public static final String COMMIT_MESSAGE = "__lance_commit_message";

    public Transaction {
        properties = Map.copyOf(properties);
    }

    /// A new one, with an id of its own.
    public static Transaction of(long readVersion, Operation operation, Map<String, String> properties) {
        return new Transaction(readVersion, UUID.randomUUID().toString(), "", properties, operation, Bytes.EMPTY);
    }

    /// The same change, to be applied to a later version.
    public Transaction rebased(long newReadVersion, Operation newOperation) {
        return new Transaction(newReadVersion, uuid, tag, properties, newOperation, unmodelled);
    }

    /// Name of its own file below `_transactions/`.
    public String fileName() {
        return readVersion + "-" + uuid + ".txn";
    }
}
