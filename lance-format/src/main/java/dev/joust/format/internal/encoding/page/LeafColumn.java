// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.encoding.sink.Nesting;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.schema.Field;

/// What a page reader knows of its column.
///
/// @param field   the leaf
/// @param shape   of its values
/// @param nesting the lists and structs around it
/// @param version of the file
public record LeafColumn(Field field, ValueShape shape, Nesting nesting, FileVersion version) {}
