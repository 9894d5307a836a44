// SPDX-License-Identifier: Apache-2.0
/// The little JSON that a table's own files hold: tags, branches, the version hint.
@NullMarked
package dev.joust.format.internal.json;

import org.jspecify.annotations.NullMarked;
