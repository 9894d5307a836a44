// SPDX-License-Identifier: Apache-2.0
/// What indices say about themselves: {@code VectorIndexDetails} in manifests, and the messages and JSON texts of their
/// files (spec: index format A.2, B.1). What is done with them is lance-index's affair.
@NullMarked
package dev.joust.format.index;

import org.jspecify.annotations.NullMarked;
