// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.RowAddressSet;

/// A change that asks to become the next version.
///
/// @param affectedRows rows that it deletes, addressed in its read version; null where not known, which makes a
///                     change of rows conflict with every other change of the same fragments
public record Proposal(Transaction transaction, @Nullable RowAddressSet affectedRows) {}
