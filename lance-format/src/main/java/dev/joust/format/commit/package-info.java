// SPDX-License-Identifier: Apache-2.0
/// Changing a table: transactions, what they do to a manifest, which of them go together, and the commit that makes
/// one the next version. Start at `Transaction` and `Committer`.
@NullMarked
package dev.joust.format.commit;

import org.jspecify.annotations.NullMarked;
