// SPDX-License-Identifier: Apache-2.0
/// Parts that stores share: counters, and the view below a prefix.
@NullMarked
package dev.joust.io.internal;

import org.jspecify.annotations.NullMarked;
