// SPDX-License-Identifier: Apache-2.0
/// Carries queries and merges out.
@NullMarked
package dev.joust.search.internal.exec;

import org.jspecify.annotations.NullMarked;
