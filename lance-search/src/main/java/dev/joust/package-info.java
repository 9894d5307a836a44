// SPDX-License-Identifier: Apache-2.0
/// The front door: {@link dev.joust.Joust}.
@NullMarked
package dev.joust;

import org.jspecify.annotations.NullMarked;
