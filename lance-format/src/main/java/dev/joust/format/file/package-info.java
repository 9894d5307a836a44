// SPDX-License-Identifier: Apache-2.0
/// One data file, without a table around it: {@code LanceFileReader} and {@code LanceFileWriter} (spec: file format).
@NullMarked
package dev.joust.format.file;

import org.jspecify.annotations.NullMarked;
