// SPDX-License-Identifier: Apache-2.0
/// Columns by name, id and logical type, as manifests and data files describe them (spec: file format 1.3).
@NullMarked
package dev.joust.format.schema;

import org.jspecify.annotations.NullMarked;
