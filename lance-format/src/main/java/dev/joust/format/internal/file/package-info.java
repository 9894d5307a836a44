// SPDX-License-Identifier: Apache-2.0
/// The container of a data file: footer, offset tables, descriptor, column metadata (spec: file format 1).
@NullMarked
package dev.joust.format.internal.file;

import org.jspecify.annotations.NullMarked;
