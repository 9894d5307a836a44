// SPDX-License-Identifier: Apache-2.0
/// Tests of repetition and definition levels.
@NullMarked
package dev.joust.format.internal.encoding.repdef;

import org.jspecify.annotations.NullMarked;
