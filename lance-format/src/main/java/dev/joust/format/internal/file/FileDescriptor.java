// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import dev.joust.format.schema.Schema;

/// Global buffer 0 of a file: its own copy of the schema, and its number of rows (spec: file format 1.3).
public record FileDescriptor(Schema schema, long rowCount) {}
