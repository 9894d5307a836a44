// SPDX-License-Identifier: Apache-2.0
/// Page layouts and what reads and writes pages of each (spec: file format 3).
@NullMarked
package dev.joust.format.internal.encoding.page;

import org.jspecify.annotations.NullMarked;
