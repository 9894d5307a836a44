// SPDX-License-Identifier: Apache-2.0
/// Stores around stores: counting what is asked of one, and making one fail on purpose.
@NullMarked
package dev.joust.io.internal.wrap;

import org.jspecify.annotations.NullMarked;
