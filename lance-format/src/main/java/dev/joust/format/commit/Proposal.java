// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.RowPredicate;

/// A change that asks to become the next version.
///
/// @param affectedRows rows that it deletes, addressed in its read version; null where not known, which makes a
///                     change of rows conflict with every other change of the same fragments
/// @param phantoms     rows that it would have had to know of: if others added one since, it has to be made anew. It looks
///                     at columns of the table alone. Null where rows that others add do not matter
public record Proposal(
        Transaction transaction, @Nullable RowAddressSet affectedRows, @Nullable RowPredicate phantoms) {
    /// A change to which rows that others add do not matter.
    public Proposal(Transaction transaction, @Nullable RowAddressSet affectedRows) {
        this(transaction, affectedRows, null);
    }

    /// The same change, to be applied to a later version.
    Proposal rebased(long newReadVersion, Operation newOperation) {
        return new Proposal(transaction.rebased(newReadVersion, newOperation), affectedRows, phantoms);
    }
}
