// SPDX-License-Identifier: Apache-2.0
/// Tests of data files as a whole.
@NullMarked
package dev.joust.format.file;

import org.jspecify.annotations.NullMarked;
