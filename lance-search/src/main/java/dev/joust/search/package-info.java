// SPDX-License-Identifier: Apache-2.0
/// What people program against: databases, tables and queries, and what they can be extended with.
@NullMarked
package dev.joust.search;

import org.jspecify.annotations.NullMarked;
