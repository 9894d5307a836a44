// SPDX-License-Identifier: Apache-2.0
/// Names for versions of a table: tags, and branches, which have versions of their own (spec: table format 9). Start at
/// `Refs`.
@NullMarked
package dev.joust.format.refs;

import org.jspecify.annotations.NullMarked;
